using System.Collections.Concurrent;

namespace JobApi.Jobs.Safety;

/// <summary>
/// One value per host and port, made when it is first needed and dropped when it has not been used for a while: callers choose the hosts, so a
/// table that only grows would be theirs to fill.
/// </summary>
/// <param name="create">Makes the value of a host.</param>
/// <param name="idleAfter">How long an unused value is kept. Choose it so that the value has forgotten everything by then.</param>
/// <param name="time">The clock.</param>
internal sealed class PerHost<T>(Func<T> create, TimeSpan idleAfter, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Entry> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private long _sweptAt = time.GetTimestamp();

    public int Count => _hosts.Count;

    public T For(Uri url)
    {
        Sweep();

        var entry = _hosts.GetOrAdd($"{url.IdnHost}:{url.Port}", static (_, create) => new Entry(create()), create);
        Volatile.Write(ref entry.UsedAt, time.GetTimestamp());
        return entry.Value;
    }

    private void Sweep()
    {
        var sweptAt = Volatile.Read(ref _sweptAt);
        var now = time.GetTimestamp();

        // One caller in a while pays for the sweep; the others see that it has been done.
        if (time.GetElapsedTime(sweptAt, now) <= idleAfter || Interlocked.CompareExchange(ref _sweptAt, now, sweptAt) != sweptAt)
        {
            return;
        }

        foreach (var host in _hosts.Where(host => time.GetElapsedTime(Volatile.Read(ref host.Value.UsedAt), now) > idleAfter))
        {
            _hosts.TryRemove(host);
        }
    }

    private sealed class Entry(T value)
    {
        public T Value { get; } = value;

        /// <summary>Timestamp of the latest use; written by any thread.</summary>
        public long UsedAt;
    }
}
