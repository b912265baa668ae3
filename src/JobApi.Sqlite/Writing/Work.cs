using System.Diagnostics;

namespace JobApi.Sqlite.Writing;

/// <summary>What a write waits behind.</summary>
internal enum Urgency
{
    /// <summary>Claims, ends and whatever else concerns jobs that are stored: not behind new jobs.</summary>
    Ordinary,

    /// <summary>New jobs.</summary>
    Intake,

    /// <summary>Leases: behind nothing.</summary>
    Heartbeat,
}

/// <summary>Something a caller wants written, and his wait for it.</summary>
internal abstract class Work
{
    /// <summary>How many jobs it is about, roughly.</summary>
    public required int Weight { get; init; }

    /// <summary>What it waits behind.</summary>
    public Urgency Urgency { get; init; }

    /// <summary>
    /// Whether it costs less in a moment, given that work of so much weight is taken before it. Asked by the writer's thread whenever it could be done
    /// (what is no new job, only while it is the only work there is); it is done all the same when it has waited for as long as the queue has patience.
    /// </summary>
    public Func<int, bool>? IsBetterLater { get; init; }

    /// <summary>When it began to wait.</summary>
    public long Since { get; } = Stopwatch.GetTimestamp();

    /// <summary>Makes the change within the open transaction. Nobody hears of it yet.</summary>
    public abstract void Run();

    /// <summary>The transaction is on the disk.</summary>
    public abstract void Succeed();

    /// <summary>It did not happen, or nobody knows.</summary>
    public abstract void Fail(Exception exception);

    /// <summary>Answers what it can without writing, if this work has an answer for a full disk. No transaction is open.</summary>
    public abstract bool TryAnswerFull();
}

/// <inheritdoc />
/// <param name="change">What is done on the writer's thread.</param>
/// <param name="whenFull">The answer when the disk has no room, on the writer's thread; when absent, the caller gets an exception.</param>
internal sealed class Work<T>(Func<T> change, Func<T>? whenFull) : Work
{
    // Continuations run elsewhere: the writer's thread must never run a caller's code.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _answer;

    public Task<T> Done => _done.Task;

    public override void Run() => _answer = change();

    public override void Succeed() => _done.TrySetResult(_answer!);

    public override void Fail(Exception exception) => _done.TrySetException(exception);

    public override bool TryAnswerFull()
    {
        if (whenFull is null)
        {
            return false;
        }

        try
        {
            _done.TrySetResult(whenFull());
        }
#pragma warning disable CA1031 // Its caller gets it: nothing was written, so nobody else is concerned.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(exception);
        }

        return true;
    }
}
