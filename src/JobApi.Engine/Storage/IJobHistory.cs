using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage;

/// <summary>What is told about a job besides where it stands.</summary>
public interface IJobHistory
{
    /// <summary>
    /// Adds log lines and progress, each only while its job still runs that very attempt. Beyond the bound on lines a job
    /// keeps its newest.
    /// </summary>
    /// <returns>The jobs whose progress changed, as they stand now.</returns>
    ValueTask<IReadOnlyList<Job>> AppendAsync(IReadOnlyList<HistoryEntry> entries, CancellationToken cancellationToken);

    /// <summary>The ended attempts of a job, oldest first; null when there is no such job.</summary>
    ValueTask<IReadOnlyList<AttemptRecord>?> AttemptsAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Log lines of a job, oldest first; null when there is no such job.</summary>
    /// <param name="id">The job.</param>
    /// <param name="after">Lines with a higher <see cref="LogLine.Number"/> only.</param>
    /// <param name="max">At most this many.</param>
    /// <param name="cancellationToken">Gives the read up.</param>
    ValueTask<IReadOnlyList<LogLine>?> LogsAsync(Guid id, long after, int max, CancellationToken cancellationToken);
}

/// <summary>Something a running handler said.</summary>
/// <param name="Lease">The attempt that said it.</param>
/// <param name="Lines">Lines to add, oldest first.</param>
/// <param name="Progress">The latest progress, if it changed.</param>
public sealed record HistoryEntry(Lease Lease, IReadOnlyList<LogText> Lines, JobProgress? Progress);

/// <summary>A line as the handler wrote it.</summary>
/// <param name="At">When.</param>
/// <param name="Text">What.</param>
public sealed record LogText(DateTimeOffset At, string Text);

/// <summary>A stored line.</summary>
/// <param name="Number">Counts the lines of a job from 1, without gaps at the time of writing.</param>
/// <param name="Attempt">The attempt that wrote it.</param>
/// <param name="At">When.</param>
/// <param name="Text">What.</param>
public sealed record LogLine(long Number, int Attempt, DateTimeOffset At, string Text);

/// <summary>An ended attempt.</summary>
/// <param name="Number">The value of <see cref="Job.Attempt"/> it ran under.</param>
/// <param name="Node">The process that ran it.</param>
/// <param name="Worker">The worker that ran it; null when the process did not live to say.</param>
/// <param name="StartedAt">When it was claimed.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="To">The state the job went to.</param>
/// <param name="Waiting">Why it waits since, when it went to <see cref="JobState.Scheduled"/>.</param>
/// <param name="Error">Why it did not succeed.</param>
public sealed record AttemptRecord(
    int Number, string? Node, string? Worker, DateTimeOffset StartedAt, DateTimeOffset EndedAt, JobState To, WaitingReason? Waiting, JobError? Error)
{
    /// <summary>The most attempts kept of one job; older ones are dropped.</summary>
    public const int MaxKept = 100;
}
