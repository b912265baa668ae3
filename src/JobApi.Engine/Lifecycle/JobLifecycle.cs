namespace JobApi.Engine.Lifecycle;

/// <summary>
/// The legal moves between states and what each does to a job. The one place where a snapshot follows from another: every store
/// calls these functions and keeps what they return.
/// </summary>
public static class JobLifecycle
{
    /// <summary>How often a process may die while a job's handler runs before the job is given up as poisonous.</summary>
    public const int MaxCrashes = 3;

    /// <summary>The crashes that make a job a suspect: only what happens while it runs alone can condemn it.</summary>
    public const int SuspectCrashes = MaxCrashes - 1;

    /// <summary>The reason recorded on a job that did not start in time.</summary>
    public const string Expired = "expired";

    /// <summary>Every legal move. <c>docs/job-lifecycle.md</c> draws the same arrows, and a test compares the two.</summary>
    public static IReadOnlyCollection<(JobState From, JobState To)> Moves { get; } =
    [
        (JobState.Scheduled, JobState.Queued),
        (JobState.Queued, JobState.Running),
        (JobState.Queued, JobState.Scheduled),
        (JobState.Running, JobState.Succeeded),
        (JobState.Running, JobState.Scheduled),
        (JobState.Running, JobState.Failed),
        (JobState.Running, JobState.Queued),
        (JobState.Running, JobState.Canceled),
        (JobState.Scheduled, JobState.Canceled),
        (JobState.Queued, JobState.Canceled),
        (JobState.Failed, JobState.Queued),
        (JobState.Canceled, JobState.Queued),
    ];

    /// <summary>
    /// Whether one more death of its process would end the job. A suspect runs only while nothing else runs on its node, so that the death
    /// that ends a job is always its own, and a job that merely ran beside the killer is never condemned.
    /// </summary>
    public static bool IsSuspect(Job job) => job.Crashes >= SuspectCrashes;

    /// <summary>A due job is claimed: a new attempt begins under a new lease.</summary>
    public static Job Claim(Job job, string node, DateTimeOffset now, DateTimeOffset leaseExpiresAt) => job with
    {
        State = JobState.Running,
        Version = job.Version + 1,
        Attempt = job.Attempt + 1,
        Node = node,
        Worker = null,
        StartedAt = now,
        Duration = null,
        LeaseExpiresAt = leaseExpiresAt,
        Waiting = null,
        Progress = null,
    };

    /// <summary>A job is submitted and claimed at once: what <see cref="Claim"/> makes of <see cref="Job.Submitted"/>, in one copy, because most jobs begin like this.</summary>
    public static Job Start(JobSpec spec, long sequence, string node, DateTimeOffset now, DateTimeOffset leaseExpiresAt) => new()
    {
        Spec = spec,
        State = JobState.Running,
        RunAt = spec.RunAt,
        Sequence = sequence,
        Version = 2,
        Attempt = 1,
        Node = node,
        StartedAt = now,
        LeaseExpiresAt = leaseExpiresAt,
    };

    /// <summary>
    /// An attempt ended. Nothing but a result or a failure for good outweighs a cancellation that was requested meanwhile:
    /// whatever would have run again is canceled instead.
    /// </summary>
    /// <returns>The next snapshot, or null when <paramref name="completion"/> is not of the attempt that runs now.</returns>
    public static Job? Complete(Job job, JobCompletion completion)
    {
        if (job.State != JobState.Running || job.Attempt != completion.Lease.Attempt)
        {
            return null;
        }

        var to = job.CancelRequestedAt is not null && !completion.To.IsTerminal() ? JobState.Canceled : completion.To;

        // One copy for all: this and Claim are made for every job.
        return job with
        {
            State = to,
            Version = job.Version + 1,
            Worker = completion.Worker,
            Duration = completion.Duration,
            LeaseExpiresAt = null,
            Failures = job.Failures + (completion.ChargesFailure ? 1 : 0),
            Error = completion.To == JobState.Succeeded ? null : completion.Error ?? job.Error,
            Result = to == JobState.Succeeded ? completion.Result : null,
            ResultFiles = to == JobState.Succeeded ? completion.ResultFiles : [],
            RunAt = to == JobState.Scheduled ? completion.RunAt ?? completion.At : job.RunAt,
            Waiting = to == JobState.Scheduled ? completion.Waiting : null,
            FinishedAt = to.IsTerminal() ? completion.At : null,
            HistoryBytes = job.HistoryBytes + JobSize.OfAttempt(completion.Error),
        };
    }

    /// <summary>A scheduled job's time has come.</summary>
    public static Job Wake(Job job) => Next(job, JobState.Queued) with { Waiting = null };

    /// <summary>A job that has not started is canceled at once; a running one is asked to stop and stays running until it does.</summary>
    /// <returns>The next snapshot, or null when the job is finished and there is nothing to cancel.</returns>
    public static Job? Cancel(Job job, Cancellation asked, DateTimeOffset now) => job.State switch
    {
        JobState.Running when job.CancelRequestedAt is not null => job,
        JobState.Running => Ask(job, asked, now) with { Version = job.Version + 1 },
        JobState.Scheduled or JobState.Queued => Finish(Ask(Next(job, JobState.Canceled), asked, now) with { Waiting = null }, now),
        _ => null,
    };

    /// <summary>Somebody changed what a job that has not started asks for. One whose time is now in the future waits for it.</summary>
    /// <returns>The next snapshot, or null when it would have too many tags, or has started, which a hand-back or a pause of its type does not count as.</returns>
    public static Job? Amend(Job job, JobAmendment change, DateTimeOffset now)
    {
        if (job is not { State: JobState.Scheduled or JobState.Queued, Failures: 0, Crashes: 0 } || change.TagsAfter(job.Spec.Tags) is not { Count: <= JobSpec.MaxTags } tags)
        {
            return null;
        }

        var amended = job with
        {
            Version = job.Version + 1,
            Spec = job.Spec with { Priority = change.Priority ?? job.Spec.Priority, Tags = tags },
        };

        return change.RunAt is not { } at ? amended
            : amended with { State = at > now ? JobState.Scheduled : JobState.Queued, RunAt = at > now ? at : now, Waiting = null };
    }

    /// <summary>
    /// When a waiting job is canceled unless it starts before; null when it does not wait, has started or waits without end. An
    /// attempt that was charged to no budget (handed back, parked) has not started it.
    /// </summary>
    public static DateTimeOffset? ExpiresAt(Job job) =>
        job is { State: JobState.Scheduled or JobState.Queued, Failures: 0, Crashes: 0 } ? job.Spec.ExpiresAt : null;

    /// <summary>The holder of a lease is still there. That is no news of the job, so <see cref="Job.Version"/> stays.</summary>
    public static Job Renew(Job job, DateTimeOffset leaseExpiresAt) => job with { LeaseExpiresAt = leaseExpiresAt };

    /// <summary>A handler said how far it is.</summary>
    public static Job Report(Job job, JobProgress progress) => job with { Version = job.Version + 1, Progress = progress };

    /// <summary>A job was not started by its <see cref="JobSpec.ExpiresAt"/>.</summary>
    public static Job Expire(Job job, DateTimeOffset now) =>
        Finish(Ask(Next(job, JobState.Canceled), new Cancellation(Canceler.Expiry, Expired), now) with { Waiting = null }, now);

    /// <summary>
    /// The holder of a lease is gone. The attempt counts as a crash, and the third crash ends the job: it was a suspect when it was claimed,
    /// so it ran alone (<see cref="IsSuspect"/>).
    /// </summary>
    /// <param name="job">The running job.</param>
    /// <param name="now">When the loss was noticed.</param>
    /// <param name="jitter">A draw from [0, 1) for the pause before the next attempt.</param>
    public static Job Lose(Job job, DateTimeOffset now, double jitter)
    {
        var error = new JobError("lost", "The process died or lost its lease while the handler ran",
            $"Attempt {job.Attempt} on node {job.Node} never reported an end.", job.Attempt);
        var lost = job with { Crashes = job.Crashes + 1, Error = error, LeaseExpiresAt = null, HistoryBytes = job.HistoryBytes + JobSize.OfAttempt(error) };

        return (lost.CancelRequestedAt, lost.Crashes) switch
        {
            (not null, _) => Finish(Next(lost, JobState.Canceled), now),
            (_, >= MaxCrashes) => Finish(Next(lost, JobState.Failed), now),
            _ => Next(lost, JobState.Scheduled) with { RunAt = now + job.Spec.Backoff.Delay(lost.Crashes, jitter), Waiting = WaitingReason.Backoff },
        };
    }

    /// <summary>A person asked for one more try of a job that failed or was canceled: it is due now and has its whole budget again.</summary>
    /// <returns>The next snapshot, or null when the job is in a state that cannot be retried.</returns>
    public static Job? Requeue(Job job, DateTimeOffset now) => job.State is not (JobState.Failed or JobState.Canceled) ? null :
        Next(job, JobState.Queued) with
        {
            RunAt = now,
            Failures = 0,
            Crashes = 0,
            FinishedAt = null,
            CancelRequestedAt = null,
            CanceledBy = null,
            CancelReason = null,
            Progress = null,
            Spec = job.Spec.ExpiresAt is null ? job.Spec : job.Spec with { ExpiresAt = null },
        };

    private static Job Ask(Job job, Cancellation asked, DateTimeOffset now) =>
        job with { CancelRequestedAt = now, CanceledBy = asked.By, CancelReason = asked.Reason };

    private static Job Next(Job job, JobState to) => job with { State = to, Version = job.Version + 1 };

    private static Job Finish(Job job, DateTimeOffset now) => job with
    {
        FinishedAt = now,
        LeaseExpiresAt = null,
    };
}
