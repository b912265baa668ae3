namespace JobApi.Engine.Execution;

/// <summary>How a handler's run ended, before anybody judges it.</summary>
internal abstract record Verdict
{
    /// <summary>The handler returned.</summary>
    public sealed record Returned(Lifecycle.JobOutcome Outcome) : Verdict;

    /// <summary>The handler threw.</summary>
    public sealed record Threw(Exception Exception) : Verdict;

    /// <summary>The handler did not stop within the grace after its token fired.</summary>
    /// <param name="Ended">Completes when it does stop, if ever.</param>
    public sealed record Fenced(Task Ended) : Verdict;
}

/// <summary>One run of a handler: whichever comes first, its end or the end of its grace, is the verdict.</summary>
internal sealed class AttemptRun
{
    // The worker goes on where the handler ended, on the same thread of the pool; it only passes the outcome on and takes its next job.
    private readonly TaskCompletionSource<Verdict> _verdict = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _grace;
    private ITimer? _fence;

    // Made by the fence, for most handlers never; whoever of End and Fence comes second sees the other.
    private TaskCompletionSource? _stillRuns;
    private int _isOver;

    public AttemptRun(HeldJob held, TimeProvider time, TimeSpan grace)
    {
        Held = held;
        _time = time;
        _grace = grace;
        held.Run = this;

        if (held.StopReason != StopReason.None)
        {
            // Stopped between the executor's look and now: whoever did it may have looked for a run before this was set.
            StartGrace();
        }
    }

    public HeldJob Held { get; }

    /// <summary>The verdict, which comes at the latest when the grace ends.</summary>
    public Task<Verdict> Verdict => _verdict.Task;

    private bool IsOver => Volatile.Read(ref _isOver) != 0;

    /// <summary>The handler was asked to stop: what is left of its time begins.</summary>
    public void StartGrace()
    {
        var fence = _time.CreateTimer(
            static state => ((AttemptRun)state!).Fence(), this, _grace, Timeout.InfiniteTimeSpan);

        // A second start of the grace, or a run that ended meanwhile, does not need this timer.
        if (Interlocked.CompareExchange(ref _fence, fence, null) is not null || IsOver)
        {
            fence.Dispose();
        }
    }

    public void End(Verdict verdict)
    {
        Interlocked.Exchange(ref _isOver, 1);
        Volatile.Read(ref _stillRuns)?.TrySetResult();
        Volatile.Read(ref _fence)?.Dispose();

        // Last, because the worker goes on within this call.
        _verdict.TrySetResult(verdict);
    }

    private void Fence()
    {
        var made = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stillRuns = Interlocked.CompareExchange(ref _stillRuns, made, null) ?? made;

        if (IsOver)
        {
            stillRuns.TrySetResult();
        }

        // The timers' thread is not the worker's to go on with.
        ThreadPool.UnsafeQueueUserWorkItem(static fenced => fenced.Run._verdict.TrySetResult(new Verdict.Fenced(fenced.Ended)), (Run: this, Ended: stillRuns.Task), preferLocal: false);
    }
}
