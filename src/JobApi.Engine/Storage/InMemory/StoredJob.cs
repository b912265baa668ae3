using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage.InMemory;

/// <summary>A job's place in the store: its latest snapshot and what belongs to it. Touched only under the store's lock.</summary>
internal sealed class StoredJob(Job job, UsedKey? key)
{
    private List<AttemptRecord>? _attempts;

    /// <summary>Never changes, so that an index can order by it.</summary>
    public long Sequence { get; } = job.Sequence;

    public Job Job { get; set; } = job;

    public UsedKey? Key { get; } = key;

    public LogBook? Logs { get; set; }

    public IReadOnlyList<AttemptRecord> Attempts => _attempts ?? [];

    /// <summary>Keeps the record of an attempt, and says what was charged for the oldest one if that had to go for it; 0 when none had to.</summary>
    public long Record(AttemptRecord attempt)
    {
        var dropped = 0L;
        _attempts ??= new List<AttemptRecord>(1);

        if (_attempts.Count == AttemptRecord.MaxKept)
        {
            dropped = JobSize.OfAttempt(_attempts[0].Error);
            _attempts.RemoveAt(0);
        }

        _attempts.Add(attempt);
        return dropped;
    }
}
