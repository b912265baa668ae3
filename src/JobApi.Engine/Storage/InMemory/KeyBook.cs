using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage.InMemory;

/// <summary>An idempotency key in use, and the jobs that came with it.</summary>
internal sealed class UsedKey(IdempotencyKey key, IReadOnlyList<Guid> jobs)
{
    public IdempotencyKey Key { get; } = key;

    public IReadOnlyList<Guid> Jobs { get; } = jobs;

    /// <summary>How many of the jobs have not been deleted.</summary>
    public int Left { get; set; } = jobs.Count;
}

/// <summary>The idempotency keys in use. A key outlives its jobs until it expires, and its expiry until its jobs are gone.</summary>
internal sealed class KeyBook
{
    private readonly Dictionary<string, UsedKey> _keys = new(StringComparer.Ordinal);
    private readonly SortedSet<(DateTimeOffset ExpiresAt, string Value)> _withoutJobs = new(ByExpiry);

    private static Comparer<(DateTimeOffset ExpiresAt, string Value)> ByExpiry { get; } = Comparer<(DateTimeOffset ExpiresAt, string Value)>.Create(
        (one, other) => one.ExpiresAt.CompareTo(other.ExpiresAt) is var order and not 0 ? order : string.CompareOrdinal(one.Value, other.Value));

    public UsedKey? Find(string value) => _keys.GetValueOrDefault(value);

    /// <summary>What all keys are charged.</summary>
    public long Bytes { get; private set; }

    public UsedKey Add(IdempotencyKey key, IReadOnlyList<Guid> jobs)
    {
        Bytes += JobSize.OfKey(key.Value);
        return _keys[key.Value] = new UsedKey(key, jobs);
    }

    /// <summary>One of the key's jobs was deleted.</summary>
    public void Release(UsedKey key)
    {
        key.Left--;

        if (key.Left == 0)
        {
            _withoutJobs.Add((key.Key.ExpiresAt, key.Key.Value));
        }
    }

    /// <summary>Forgets keys that may be forgotten, at most so many.</summary>
    public void Forget(DateTimeOffset now, int max)
    {
        for (var forgotten = 0; forgotten < max && _withoutJobs.Count > 0 && _withoutJobs.Min is var oldest && oldest.ExpiresAt <= now; forgotten++)
        {
            _withoutJobs.Remove(oldest);
            _keys.Remove(oldest.Value);
            Bytes -= JobSize.OfKey(oldest.Value);
        }
    }
}
