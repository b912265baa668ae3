using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage.InMemory;

/// <summary>The queues that have settings or jobs that have not ended.</summary>
internal sealed class QueueBook
{
    private readonly SortedDictionary<string, Entry> _queues = new(StringComparer.Ordinal);

    public IEnumerable<QueueStanding> All => _queues.Select(queue => queue.Value.Standing(queue.Key));

    /// <summary>How many are paused or limited.</summary>
    public int Restricted { get; private set; }

    public QueueStanding? Find(string queue) => _queues.TryGetValue(queue, out var entry) ? entry.Standing(queue) : null;

    public void Restrict(string queue, bool isPaused, int? limit)
    {
        var entry = Of(queue);
        Restricted -= entry.IsRestricted ? 1 : 0;
        (entry.IsPaused, entry.Limit) = (isPaused, limit);
        Restricted += entry.IsRestricted ? 1 : 0;
        Forget(queue, entry);
    }

    public void Update(StoredJob stored, Job? before, Job? after)
    {
        var queue = (after ?? before)!.Queue;

        if (before?.State == after?.State && before?.RunAt == after?.RunAt)
        {
            return;
        }

        var entry = Of(queue);
        entry.Count(before, -1);
        entry.Count(after, 1);
        entry.Due.Update(stored, before, after);
        Forget(queue, entry);
    }

    private Entry Of(string queue)
    {
        if (!_queues.TryGetValue(queue, out var entry))
        {
            _queues[queue] = entry = new Entry();
        }

        return entry;
    }

    private void Forget(string queue, Entry entry)
    {
        if (entry.IsUnused)
        {
            _queues.Remove(queue);
        }
    }

    private sealed class Entry
    {
        private long _queued;
        private long _scheduled;
        private long _running;

        public bool IsPaused { get; set; }

        public int? Limit { get; set; }

        public bool IsRestricted => IsPaused || Limit is not null;

        public Agenda Due { get; } = new(job => job.State == JobState.Queued ? job.RunAt : null);

        public bool IsUnused => (_queued, _scheduled, _running, IsPaused, Limit) == (0, 0, 0, false, null);

        public void Count(Job? job, int delta)
        {
            switch (job?.State)
            {
                case JobState.Queued:
                    _queued += delta;
                    break;
                case JobState.Scheduled:
                    _scheduled += delta;
                    break;
                case JobState.Running:
                    _running += delta;
                    break;
            }
        }

        public QueueStanding Standing(string name) => new(name)
        {
            IsPaused = IsPaused,
            ConcurrencyLimit = Limit,
            Queued = _queued,
            Scheduled = _scheduled,
            Running = _running,
            OldestQueuedSince = Due.Next,
        };
    }
}
