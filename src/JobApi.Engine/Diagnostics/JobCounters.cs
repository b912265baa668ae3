namespace JobApi.Engine.Diagnostics;

/// <summary>The counters of one group of jobs: all of them, a type or a queue.</summary>
internal sealed class JobCounters
{
    private long _submitted;
    private long _processed;
    private long _failed;
    private long _canceled;
    private long _retried;

    public LatencyHistogram Duration { get; } = new();

    public LatencyHistogram Wait { get; } = new();

    public long Submissions => Volatile.Read(ref _submitted);

    public void Submitted() => Interlocked.Increment(ref _submitted);

    public void Processed() => Interlocked.Increment(ref _processed);

    public void Failed() => Interlocked.Increment(ref _failed);

    public void Canceled() => Interlocked.Increment(ref _canceled);

    public void Retried() => Interlocked.Increment(ref _retried);

    public JobFigures Figures() => new()
    {
        Submitted = Submissions,
        Processed = Volatile.Read(ref _processed),
        Failed = Volatile.Read(ref _failed),
        Canceled = Volatile.Read(ref _canceled),
        Retried = Volatile.Read(ref _retried),
        Duration = Duration.Figures(),
        Wait = Wait.Figures(),
    };
}
