namespace JobApi.Engine.Lifecycle;

/// <summary>
/// The end of one attempt, ready to be stored: <see cref="RetryPolicy"/> has turned the outcome into the state that follows.
/// It takes effect only while the job is still running that very attempt.
/// </summary>
public sealed record JobCompletion
{
    /// <summary>The attempt that ended.</summary>
    public required Lease Lease { get; init; }

    /// <summary>The state that follows, unless a cancellation was requested meanwhile (see <see cref="JobLifecycle.Complete"/>).</summary>
    public required JobState To { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How long the handler ran.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The worker that ran it.</summary>
    public string? Worker { get; init; }

    /// <summary>When the job is due again, for <see cref="JobState.Scheduled"/>.</summary>
    public DateTimeOffset? RunAt { get; init; }

    /// <summary>Why it waits, for <see cref="JobState.Scheduled"/>.</summary>
    public WaitingReason? Waiting { get; init; }

    /// <summary>UTF-8 JSON, for <see cref="JobState.Succeeded"/>.</summary>
    public ReadOnlyMemory<byte>? Result { get; init; }

    /// <summary>The files the result names.</summary>
    public IReadOnlyList<Guid> ResultFiles { get; init; } = [];

    /// <summary>Why the attempt did not succeed.</summary>
    public JobError? Error { get; init; }

    /// <summary>Whether the attempt counts against <see cref="JobSpec.MaxAttempts"/>.</summary>
    public bool ChargesFailure { get; init; }

    /// <summary>Whether somebody waits for the end at this moment. One that nobody waits for may be stored a moment later, when that is cheaper.</summary>
    public bool IsAwaited { get; init; }
}
