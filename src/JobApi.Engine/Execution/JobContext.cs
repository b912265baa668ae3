using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Execution;

/// <summary>The job a handler is running, and its way to say how it goes. Safe to use from any thread.</summary>
public sealed class JobContext
{
    private readonly IAttemptJournal _journal;

    internal JobContext(Job job, IAttemptJournal journal)
    {
        Job = job;
        _journal = journal;
    }

    /// <summary>The job's id: the natural idempotency key for effects outside.</summary>
    public Guid JobId => Job.Id;

    /// <summary>The job's type.</summary>
    public string Type => Job.Type;

    /// <summary>Counts the claims of this job from 1.</summary>
    public int Attempt => Job.Attempt;

    /// <summary>How often a handler of this job has failed before this attempt.</summary>
    public int Failures => Job.Failures;

    /// <summary>The caller's own labels.</summary>
    public IReadOnlyDictionary<string, string> Tags => Job.Spec.Tags;

    internal Job Job { get; }

    /// <summary>
    /// Says how far the work is. Shown in the job body; reports that follow each other quickly are merged into the latest.
    /// </summary>
    /// <param name="percent">0 to 100, clamped.</param>
    /// <param name="message">What is being done; cut at 1,000 characters.</param>
    public void ReportProgress(double percent, string? message = null) =>
        _journal.Progress(double.IsNaN(percent) ? null : Math.Clamp(percent, 0, 100), Cut(message, 1_000));

    /// <summary>Writes a line to the job's own log, which its caller can read; cut at 4,000 characters.</summary>
    public void Log(string line) => _journal.Log(Cut(line, 4_000) ?? string.Empty);

    private static string? Cut(string? text, int length) => text?.Length > length ? text[..length] : text;
}

/// <summary>Where a running attempt's words go.</summary>
internal interface IAttemptJournal
{
    void Progress(double? percent, string? message);

    void Log(string line);
}
