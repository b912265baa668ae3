using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Execution;

/// <summary>An attempt that has ended and waits to be stored.</summary>
/// <param name="Held">The job.</param>
/// <param name="Outcome">How it ended; null when it must not be recorded because its lease may be gone.</param>
/// <param name="Duration">How long the handler ran.</param>
/// <param name="Worker">Who ran it; null when nobody did.</param>
internal sealed record FinishedAttempt(HeldJob Held, JobOutcome? Outcome, TimeSpan Duration, string? Worker)
{
    /// <summary>For an attempt whose handler was fenced off: completes when the handler really ends, which may be never.</summary>
    public Task? StillRuns { get; init; }
}
