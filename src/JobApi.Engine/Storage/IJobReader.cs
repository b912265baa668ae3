using System.Collections.ObjectModel;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage.Searching;

namespace JobApi.Engine.Storage;

/// <summary>Questions that change nothing and cost the same however many jobs are stored.</summary>
public interface IJobReader
{
    /// <summary>Looks a job up by id.</summary>
    ValueTask<Job?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Whether a job of this id was stored once and deleted since. Remembered as long as the store's bound allows.</summary>
    ValueTask<bool> IsGoneAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>One page of jobs, newest first.</summary>
    ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// At which place a queued job stands among all queued jobs of all types, in the order of claims; 1 is the next one. It is counted, so it costs as much as
    /// there are jobs ahead.
    /// </summary>
    /// <param name="job">The job as it was just read.</param>
    /// <param name="max">The last place that is of interest.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The place; null when it is beyond the maximum, and for a suspect, which waits for a node of its own.</returns>
    ValueTask<int?> PlaceAsync(Job job, int max, CancellationToken cancellationToken);

    /// <summary>How many jobs stand where, from counters kept with every write.</summary>
    ValueTask<JobCounts> CountAsync(CancellationToken cancellationToken);

    /// <summary>Which of these stored files some job still names.</summary>
    ValueTask<IReadOnlySet<Guid>> FilesInUseAsync(IReadOnlyCollection<Guid> files, CancellationToken cancellationToken);
}

/// <summary>Which jobs. Absent members do not filter; all that are present must hold.</summary>
public sealed record JobFilter
{
    /// <summary>Any of these states.</summary>
    public IReadOnlySet<JobState>? States { get; init; }

    /// <summary>Exactly this type.</summary>
    public string? Type { get; init; }

    /// <summary>Exactly this queue.</summary>
    public string? Queue { get; init; }

    /// <summary>All of these tags with these values.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Submitted at or after this moment.</summary>
    public DateTimeOffset? CreatedAfter { get; init; }

    /// <summary>Submitted before this moment.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>All of this occurs in payload, tags or error. A store with an <see cref="ISearchIndex"/> finds what that knows.</summary>
    public SearchQuery? Text { get; init; }
}

/// <summary>A page to read.</summary>
/// <param name="Filter">Which jobs.</param>
/// <param name="PageSize">At most this many, 1 to 200.</param>
/// <param name="Before">Continue below this <see cref="Job.Sequence"/>; from the newest when absent.</param>
public sealed record JobQuery(JobFilter Filter, int PageSize, long? Before = null)
{
    /// <summary>The most rows one call looks at; a page can be short, even empty, and still have a continuation.</summary>
    public const int MaxExamined = 10_000;

    /// <summary>A page ends with the job by which its payloads and results come to so many bytes: it has one job at least, and can be short and still have a continuation.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>What a job adds to <see cref="MaxBytes"/>.</summary>
    public static int BytesOf(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.Spec.Payload.Length + (job.Result?.Length ?? 0);
    }
}

/// <summary>A page of jobs.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="Next">The <see cref="JobQuery.Before"/> of the next page; null on the last.</param>
public sealed record JobPage(IReadOnlyList<Job> Items, long? Next);

/// <summary>How many jobs stand where.</summary>
public sealed record JobCounts
{
    /// <summary>By state; a state without jobs may be missing.</summary>
    public required IReadOnlyDictionary<JobState, long> ByState { get; init; }

    /// <summary>Jobs that are due and unclaimed, by queue.</summary>
    public required IReadOnlyDictionary<string, long> QueuedByQueue { get; init; }

    /// <summary>Jobs that are due and unclaimed, by type.</summary>
    public required IReadOnlyDictionary<string, long> QueuedByType { get; init; }

    /// <summary>The part of <see cref="QueuedByType"/> that waits to run alone (<see cref="JobLifecycle.IsSuspect"/>).</summary>
    public IReadOnlyDictionary<string, long> SuspectsByType { get; init; } = ReadOnlyDictionary<string, long>.Empty;

    /// <summary>The part of <see cref="SuspectsByType"/> that no pause of its queue holds up.</summary>
    public IReadOnlyDictionary<string, long> OpenSuspectsByType { get; init; } = ReadOnlyDictionary<string, long>.Empty;

    /// <summary>Since when the longest waiting due job has been due; null when none waits.</summary>
    public DateTimeOffset? OldestQueuedSince { get; init; }

    /// <summary>Bytes held, by <see cref="JobSize"/>.</summary>
    public long Bytes { get; init; }

    /// <summary>Jobs in a state.</summary>
    public long this[JobState state] => ByState.GetValueOrDefault(state);

    /// <summary>Jobs that are due and wait to run alone.</summary>
    public long Suspects => SuspectsByType.Values.Sum();

    /// <summary>Jobs that are not finished: what the backlog bound counts.</summary>
    public long Backlog => this[JobState.Scheduled] + this[JobState.Queued] + this[JobState.Running];
}
