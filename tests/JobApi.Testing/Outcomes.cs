using System.Text;
using JobApi.Engine.Lifecycle;

namespace JobApi.Testing;

/// <summary>The ways an attempt can end, in as few words as possible.</summary>
public static class Outcomes
{
    /// <summary>The handler returned this JSON.</summary>
    public static JobOutcome Succeeded(string json = "49", params IReadOnlyList<Guid> files) => new JobOutcome.Succeeded(Encoding.UTF8.GetBytes(json), files);

    /// <summary>The handler failed in a way that may pass.</summary>
    public static JobOutcome Retry(TimeSpan? after = null) => new JobOutcome.Retry(Error, after);

    /// <summary>The handler failed for good.</summary>
    public static JobOutcome Failed { get; } = new JobOutcome.Failed(Error);

    /// <summary>The handler agreed to stop.</summary>
    public static JobOutcome Canceled { get; } = new JobOutcome.Canceled();

    /// <summary>The node stops.</summary>
    public static JobOutcome HandedBack { get; } = new JobOutcome.HandedBack();

    /// <summary>The attempt was turned away.</summary>
    public static JobOutcome Parked(TimeSpan pause, WaitingReason reason = WaitingReason.RateLimit) => new JobOutcome.Parked(reason, pause);

    /// <summary>The completion of a running job, settled by the real policy without jitter.</summary>
    public static JobCompletion Ends(this Job job, JobOutcome outcome, DateTimeOffset at) =>
        RetryPolicy.Settle(job, outcome, at, TimeSpan.FromMilliseconds(5), jitter: 0, worker: "worker-1");

    private static JobError Error => new("test", "A test made it fail", "It was asked to.", 1);
}
