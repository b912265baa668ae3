namespace JobApi.Engine.Lifecycle;

/// <summary>
/// A job as it stood at one moment. Immutable: every change makes a new snapshot with a higher <see cref="Version"/>, so a
/// snapshot can be cached, compared and handed to any thread.
/// </summary>
public sealed record Job
{
    /// <summary>What was asked for.</summary>
    public required JobSpec Spec { get; init; }

    /// <summary>Where it stands.</summary>
    public required JobState State { get; init; }

    /// <summary>When it is due, or was: start time, then the end of the latest back-off.</summary>
    public required DateTimeOffset RunAt { get; init; }

    /// <summary>The store's order of arrival; ties of priority and due time are broken by it.</summary>
    public long Sequence { get; init; }

    /// <summary>Grows with every change of the job, whatever changed; a renewed lease is no change.</summary>
    public long Version { get; init; } = 1;

    /// <summary>How often it was claimed. Never lowered, never reused: the fencing token.</summary>
    public int Attempt { get; init; }

    /// <summary>How often its handler said no, or took too long. Counted against <see cref="JobSpec.MaxAttempts"/>.</summary>
    public int Failures { get; init; }

    /// <summary>How often its process died while its handler ran.</summary>
    public int Crashes { get; init; }

    /// <summary>When the latest attempt was claimed.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it reached a terminal state.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How long the handler of the latest ended attempt ran.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>When the current claim runs out unless it is renewed; only while <see cref="JobState.Running"/>.</summary>
    public DateTimeOffset? LeaseExpiresAt { get; init; }

    /// <summary>The process that holds or held the latest attempt.</summary>
    public string? Node { get; init; }

    /// <summary>The worker that ended the latest attempt.</summary>
    public string? Worker { get; init; }

    /// <summary>When it was asked to be canceled, or expired. A running job with this set is being canceled.</summary>
    public DateTimeOffset? CancelRequestedAt { get; init; }

    /// <summary>Who asked for that; null as well on jobs whose cancellation was asked for before this was recorded.</summary>
    public Canceler? CanceledBy { get; init; }

    /// <summary>The reason given with the cancellation.</summary>
    public string? CancelReason { get; init; }

    /// <summary>Why a <see cref="JobState.Scheduled"/> job waits, where it is not its start time.</summary>
    public WaitingReason? Waiting { get; init; }

    /// <summary>What the handler returned: UTF-8 JSON. Only when <see cref="JobState.Succeeded"/>.</summary>
    public ReadOnlyMemory<byte>? Result { get; init; }

    /// <summary>The files the result names; they are kept as long as the job.</summary>
    public IReadOnlyList<Guid> ResultFiles { get; init; } = [];

    /// <summary>Why the latest attempt did not succeed; cleared by success.</summary>
    public JobError? Error { get; init; }

    /// <summary>The handler's latest word on how far it is.</summary>
    public JobProgress? Progress { get; init; }

    /// <summary>What its ended attempts and its log lines are charged (<see cref="JobSize"/>); like a renewed lease, no change of the job.</summary>
    public long HistoryBytes { get; init; }

    /// <summary>The job's id.</summary>
    public Guid Id => Spec.Id;

    /// <summary>The job's type.</summary>
    public string Type => Spec.Type;

    /// <summary>The job's queue.</summary>
    public string Queue => Spec.Queue;

    /// <summary>The right to finish the current attempt.</summary>
    public Lease Lease => new(Spec.Id, Attempt, LeaseExpiresAt ?? DateTimeOffset.MinValue);

    /// <summary>The snapshot of a job that has just been submitted.</summary>
    /// <param name="spec">What was asked for.</param>
    /// <param name="now">The moment of storing: due jobs are queued, later ones scheduled.</param>
    /// <param name="sequence">Its place in the store's order of arrival.</param>
    public static Job Submitted(JobSpec spec, DateTimeOffset now, long sequence = 0) => new()
    {
        Spec = spec,
        State = spec.RunAt <= now ? JobState.Queued : JobState.Scheduled,
        RunAt = spec.RunAt,
        Sequence = sequence,
    };
}

/// <summary>How far a handler says it is.</summary>
/// <param name="Percent">0 to 100, or unknown.</param>
/// <param name="Message">What it is doing.</param>
/// <param name="UpdatedAt">When it said so.</param>
public sealed record JobProgress(double? Percent, string? Message, DateTimeOffset UpdatedAt);
