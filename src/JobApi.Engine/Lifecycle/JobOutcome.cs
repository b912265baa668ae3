namespace JobApi.Engine.Lifecycle;

/// <summary>How one attempt ended, as the worker saw it. A closed set: the store never has to guess.</summary>
public abstract record JobOutcome
{
    private JobOutcome()
    {
    }

    /// <summary>The handler returned.</summary>
    /// <param name="Result">UTF-8 JSON.</param>
    /// <param name="Files">Stored files the result names.</param>
    public sealed record Succeeded(ReadOnlyMemory<byte> Result, IReadOnlyList<Guid> Files) : JobOutcome;

    /// <summary>The handler failed in a way that may pass. Charged to the failure budget.</summary>
    /// <param name="Error">Why.</param>
    /// <param name="After">The least pause before the next attempt, where the cause named one; otherwise the back-off decides.</param>
    public sealed record Retry(JobError Error, TimeSpan? After = null) : JobOutcome;

    /// <summary>The handler failed for good: another attempt would end the same.</summary>
    /// <param name="Error">Why.</param>
    public sealed record Failed(JobError Error) : JobOutcome;

    /// <summary>Cancellation was asked for and the handler agreed, or its grace ran out.</summary>
    public sealed record Canceled : JobOutcome;

    /// <summary>The node stops and the job goes back to the queue. Charged to no budget.</summary>
    public sealed record HandedBack : JobOutcome;

    /// <summary>The attempt was turned away before it did anything. Charged to no budget.</summary>
    /// <param name="Reason">What turned it away.</param>
    /// <param name="For">How long to wait before the next try; <see cref="RetryPolicy.DefaultParking"/> where that is not positive.</param>
    public sealed record Parked(WaitingReason Reason, TimeSpan For) : JobOutcome;
}
