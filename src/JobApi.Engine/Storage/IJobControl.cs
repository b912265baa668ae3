using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage;

/// <summary>What people do to jobs. Each call says what happened to each job it looked at.</summary>
public interface IJobControl
{
    /// <summary>Cancels what has not started and asks what runs to stop. Repeating it changes nothing more.</summary>
    ValueTask<IReadOnlyList<ControlOutcome>> CancelAsync(JobSelection which, Cancellation asked, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Queues failed and canceled jobs once more, with their whole budgets.</summary>
    ValueTask<IReadOnlyList<ControlOutcome>> RequeueAsync(JobSelection which, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Changes jobs that have not started.</summary>
    ValueTask<IReadOnlyList<ControlOutcome>> AmendAsync(JobSelection which, JobAmendment change, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Deletes finished jobs. It never cancels: an unfinished job is refused.</summary>
    ValueTask<IReadOnlyList<ControlOutcome>> DeleteAsync(JobSelection which, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes finished jobs whose <see cref="RetentionPolicy.PurgeAt"/> has passed, and beyond each of <see cref="PurgeRequest.Bounds"/> the
    /// finished jobs it covers that ended longest ago.
    /// </summary>
    /// <returns>The ids that are gone; as many as the maximum means that there may be more.</returns>
    ValueTask<IReadOnlyList<Guid>> PurgeAsync(PurgeRequest request, CancellationToken cancellationToken);
}

/// <summary>The jobs a control call is about: either ids or a filter.</summary>
public sealed record JobSelection
{
    private JobSelection()
    {
    }

    /// <summary>These jobs; null when a filter is given.</summary>
    public IReadOnlyList<Guid>? Ids { get; private init; }

    /// <summary>The jobs this filter finds; null when ids are given.</summary>
    public JobFilter? Filter { get; private init; }

    /// <summary>The most jobs a filter may touch in one call.</summary>
    public int Max { get; private init; } = int.MaxValue;

    /// <summary>Only while the job is at one of these versions; whatever version when null. Others are <see cref="ControlResult.NotMeant"/>.</summary>
    public IReadOnlySet<long>? Versions { get; init; }

    /// <summary>Only while the job is as this filter says: it may have moved on since it was found. Others are <see cref="ControlResult.NotMeant"/>.</summary>
    public JobFilter? Provided { get; init; }

    /// <summary>Whether a job is as the conditions say.</summary>
    public bool IsMeant(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return Versions?.Contains(job.Version) != false && Provided?.Matches(job) != false;
    }

    /// <summary>Exactly these jobs.</summary>
    public static JobSelection Of(params IReadOnlyList<Guid> ids) => new() { Ids = ids };

    /// <summary>The first <paramref name="max"/> jobs that a filter finds and the call can act on, newest first.</summary>
    public static JobSelection Where(JobFilter filter, int max) => new() { Filter = filter, Max = max };
}

/// <summary>What a control call did to one job.</summary>
public enum ControlResult
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>It was asked for and will be done when the handler agrees, or its grace ends. Only for a cancellation.</summary>
    Requested,

    /// <summary>It had been done before; nothing changed.</summary>
    AlreadyDone,

    /// <summary>The job is in a state that does not allow it; nothing changed.</summary>
    WrongState,

    /// <summary>Another job holds the unique key of this one; nothing changed. Only for a retry.</summary>
    UniqueKeyHeld,

    /// <summary>The job would have more than it may; nothing changed. Only for an amendment.</summary>
    TooMuch,

    /// <summary>The job is not as the selection's conditions say; nothing changed.</summary>
    NotMeant,

    /// <summary>No such job.</summary>
    NotFound,
}

/// <summary>What a control call did to one job.</summary>
/// <param name="Id">The job.</param>
/// <param name="Result">What happened.</param>
/// <param name="Job">The job as it stands now, or as it stood when it was deleted; null when it was not found.</param>
public sealed record ControlOutcome(Guid Id, ControlResult Result, Job? Job);
