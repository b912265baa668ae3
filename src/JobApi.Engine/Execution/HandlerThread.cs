using System.Collections.Concurrent;

namespace JobApi.Engine.Execution;

/// <summary>
/// A thread for one attempt of a handler that computes or blocks. Its awaits resume on the same thread, so none of its
/// blocking ever lands on the thread pool, where health answers and heartbeats live.
/// </summary>
#pragma warning disable CA1001 // The collection must outlive the thread: a late Post asks it whether it is closed.
internal sealed class HandlerThread : SynchronizationContext
#pragma warning restore CA1001
{
    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _work = [];
    private readonly HeldJob _held;

    private HandlerThread(HeldJob held) => _held = held;

    /// <summary>Runs a handler to its end on a new background thread.</summary>
    /// <param name="name">The thread's name in debuggers and dumps.</param>
    /// <param name="handler">Reports its own errors; what it throws nevertheless faults the job.</param>
    /// <param name="held">The job it works on.</param>
    public static void Start(string name, Func<Task> handler, HeldJob held)
    {
        var thread = new Thread(() => Run(handler, held)) { IsBackground = true, Name = name };
        thread.UnsafeStart();
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        try
        {
            _work.Add((d, state));
        }
        catch (InvalidOperationException)
        {
            // The attempt has ended and its thread with it; what the handler left running continues on the pool.
            ThreadPool.UnsafeQueueUserWorkItem(static work => work.d(work.state), (d, state), preferLocal: false);
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Handlers await; they do not send.");

    public override SynchronizationContext CreateCopy() => this;

    private static void Run(Func<Task> handler, HeldJob held)
    {
        var context = new HandlerThread(held);
        SetSynchronizationContext(context);

        _ = handler().ContinueWith(_ => context._work.CompleteAdding(), TaskScheduler.Default);

        foreach (var (callback, state) in context._work.GetConsumingEnumerable())
        {
            context.Call(callback, state);
        }
    }

    private void Call(SendOrPostCallback callback, object? state)
    {
        try
        {
            callback(state);
        }
#pragma warning disable CA1031 // An async void method of the handler ends here; it faults its job and nothing else.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _held.Stop(StopReason.Faulted, exception);
        }
    }
}
