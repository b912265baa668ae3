using JobApi.Engine.Storage;

namespace JobApi.Sqlite.Tables;

/// <summary>A stretch of a walk while it is made: what was found, and how far it may still go.</summary>
/// <param name="filter">Which jobs; its text is somebody else's business.</param>
/// <param name="max">The most jobs to find.</param>
/// <param name="isWorthIt">Asked last of a job that matches.</param>
internal sealed class WalkStretch(JobFilter filter, int max, Func<WalkedJob, bool>? isWorthIt = null)
{
    private readonly List<long> _found = [];
    private int _examined;
    private long _last;

    /// <summary>The most rows to look at.</summary>
    public int MaxExamined { get; init; } = JobQuery.MaxExamined;

    /// <summary>Looks at the next job; false when the stretch ends before it.</summary>
    public bool TryTake(WalkedJob job)
    {
        if (_examined == MaxExamined)
        {
            return false;
        }

        if (Matches(job) && isWorthIt?.Invoke(job) != false)
        {
            if (_found.Count == max)
            {
                return false;
            }

            _found.Add(job.Sequence);
        }

        Pass(job.Sequence);
        return true;
    }

    /// <summary>A job that is no more, or is not meant: looking costs all the same.</summary>
    public bool Pass(long sequence)
    {
        (_examined, _last) = (_examined + 1, sequence);
        return _examined <= MaxExamined;
    }

    public JobWalk Unfinished() => new(_found, _last);

    /// <summary>Everything from a sequence up has been looked at.</summary>
    public JobWalk Unfinished(long from) => new(_found, from);

    public JobWalk Finished() => new(_found, null);

    private bool Matches(WalkedJob job) =>
        (filter.States is null || filter.States.Contains(job.State))
        && (filter.Type is null || filter.Type == job.Type)
        && (filter.Queue is null || filter.Queue == job.Queue)
        && (filter.CreatedAfter is null || job.CreatedAt >= filter.CreatedAfter)
        && (filter.CreatedBefore is null || job.CreatedAt < filter.CreatedBefore)
        && (filter.Tags is not { Count: > 0 } tags || HasAll(RowJson.Read(job.Tags, RowJson.Default.IReadOnlyDictionaryStringString), tags));

    private static bool HasAll(IReadOnlyDictionary<string, string>? has, IReadOnlyDictionary<string, string> wanted) =>
        has is not null && wanted.All(tag => has.TryGetValue(tag.Key, out var value) && value == tag.Value);
}
