using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage.InMemory;

/// <summary>Finished jobs by type and by how they ended, each kind in the order in which its jobs ended. There are as many kinds as types times three.</summary>
internal sealed class FinishedJobs
{
    private readonly Dictionary<(string Type, JobState State), Kind> _kinds = [];

    public void Update(StoredJob stored, Job? before, Job? after)
    {
        Update(before, kind => kind.Take(stored, before!));
        Update(after, kind => kind.Add(stored, after!));
    }

    /// <summary>The job to delete because a bound is exceeded: of those it covers, the one that ended first.</summary>
    public StoredJob? FirstBeyond(ByteBound bound)
    {
        StoredJob? first = null;
        var bytes = 0L;

        foreach (var ((type, state), kind) in _kinds)
        {
            if (bound.Covers(type, state))
            {
                bytes += kind.Bytes;
                first = Earlier(first, kind.First);
            }
        }

        return bytes > bound.MaxBytes ? first : null;
    }

    private void Update(Job? job, Action<Kind> change)
    {
        if (job is null || !job.State.IsTerminal())
        {
            return;
        }

        if (!_kinds.TryGetValue((job.Type, job.State), out var kind))
        {
            _kinds.Add((job.Type, job.State), kind = new Kind());
        }

        change(kind);

        if (kind.First is null)
        {
            _kinds.Remove((job.Type, job.State));
        }
    }

    private static StoredJob? Earlier(StoredJob? one, StoredJob? other) =>
        one is null || other is null ? one ?? other : Order(one).CompareTo(Order(other)) <= 0 ? one : other;

    private static (DateTimeOffset?, long) Order(StoredJob stored) => (stored.Job.FinishedAt, stored.Sequence);

    private sealed class Kind
    {
        private readonly Agenda _order = new(job => job.FinishedAt);

        public long Bytes { get; private set; }

        public StoredJob? First => _order.First;

        public void Add(StoredJob stored, Job job)
        {
            _order.Update(stored, null, job);
            Bytes += JobSize.Of(job);
        }

        public void Take(StoredJob stored, Job job)
        {
            _order.Update(stored, job, null);
            Bytes -= JobSize.Of(job);
        }
    }
}
