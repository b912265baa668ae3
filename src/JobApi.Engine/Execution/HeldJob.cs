using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Engine.Execution;

/// <summary>
/// A job this process has claimed: from the claim until the end of its attempt is stored. Whoever wants it stopped calls
/// <see cref="Stop"/>; whoever runs it listens to <see cref="Stopping"/>.
/// </summary>
#pragma warning disable CA1001 // Its token source has neither timer nor wait handle, and a fenced handler may use the token for ever: nothing to dispose of.
internal sealed class HeldJob(Job job)
#pragma warning restore CA1001
{
    private static readonly AsyncLocal<HeldJob?> RunningHere = new();

    private readonly CancellationTokenSource _stopping = new();
    private AttemptJournal? _journal;
    private AttemptRun? _run;
    private Order? _order;
    private int _isGone;

    /// <summary>The job whose handler called this code, directly or on a thread or task it started.</summary>
    public static HeldJob? Current
    {
        get => RunningHere.Value;
        set => RunningHere.Value = value;
    }

    /// <summary>The job as it was claimed.</summary>
    public Job Job => job;

    /// <summary>Where its handler's words go; made for the first one, because most handlers say nothing.</summary>
    public AttemptJournal Journal => Volatile.Read(ref _journal) ?? Interlocked.CompareExchange(ref _journal, new AttemptJournal(), null) ?? _journal;

    /// <summary>When it was put in front of the workers: a timestamp of the engine's clock.</summary>
    public long ReadySince { get; set; }

    /// <summary>The handler's token.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Why it was asked to stop.</summary>
    public StopReason StopReason => Volatile.Read(ref _order)?.Reason ?? StopReason.None;

    /// <summary>The exception behind <see cref="StopReason.Faulted"/>.</summary>
    public Exception? Fault => Volatile.Read(ref _order)?.Fault;

    /// <summary>
    /// The run of its handler, once there is one. Whoever gives the first reason to stop tells it, after the reason is set; it looks for a reason itself after it is set.
    /// </summary>
    public AttemptRun? Run
    {
        get => Volatile.Read(ref _run);

        // A full fence: who sets it looks for a reason next, while who gives a reason looks for a run next. One of the two sees the other.
        set => Interlocked.Exchange(ref _run, value);
    }

    /// <summary>Takes what its handler has said and nobody has stored yet; null when there is nothing.</summary>
    public HistoryEntry? TakeWords() => Volatile.Read(ref _journal)?.Take(job.Lease);

    /// <summary>Marks the end of the holding; true the first time.</summary>
    public bool TryLetGo() => Interlocked.Exchange(ref _isGone, 1) == 0;

    /// <summary>Asks the attempt to stop. Only the first reason has an effect.</summary>
    public void Stop(StopReason reason, Exception? fault = null)
    {
        if (Interlocked.CompareExchange(ref _order, new Order(reason, fault), null) is not null)
        {
            return;
        }

        // What handlers register on their token runs elsewhere: it may block or throw, and neither is the caller's business.
        _ = _stopping.CancelAsync().ContinueWith(static canceled => _ = canceled.Exception, TaskScheduler.Default);
        Run?.StartGrace();
    }

    /// <summary>One object, because the run may end between the two: whoever sees the reason must see what is behind it.</summary>
    private sealed record Order(StopReason Reason, Exception? Fault);
}
