using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Testing;

/// <summary>Names the calls of <see cref="IJobQueue"/>.</summary>
public enum StoreCall
{
    Insert,
    Claim,
    Renew,
    Complete,
    Advance,
}

/// <summary>
/// A queue that fails or hangs when told to, and counts its calls. Faults are used up in the order they were given, one a call;
/// without one a call goes straight to the real store.
/// </summary>
public sealed class FaultyStore(IJobQueue inner) : IJobQueue
{
    private readonly Lock _gate = new();
    private readonly Dictionary<StoreCall, Queue<Fault>> _faults = [];
    private readonly Dictionary<StoreCall, int> _calls = [];

    /// <summary>How often a method was called, failed and held calls included.</summary>
    public int Calls(StoreCall call)
    {
        lock (_gate)
        {
            return _calls.GetValueOrDefault(call);
        }
    }

    /// <summary>The next calls throw and do nothing.</summary>
    public void FailNext(StoreCall call, Exception exception, int times = 1) => Give(call, new Fault(exception, null, IsAfterwards: false), times);

    /// <summary>The next calls do their work and throw then, like a commit whose answer got lost.</summary>
    public void FailNextAfterwards(StoreCall call, Exception exception, int times = 1) => Give(call, new Fault(exception, null, IsAfterwards: true), times);

    /// <summary>Which ends of attempts, when they come to be stored, make their whole call fail; none when absent.</summary>
    public Func<JobCompletion, bool>? IsBad { get; set; }

    /// <summary>The next call waits before it does anything.</summary>
    public StoreHold HoldNext(StoreCall call)
    {
        var hold = new StoreHold();
        Give(call, new Fault(null, hold, IsAfterwards: false), times: 1);

        return hold;
    }

    /// <summary>The next call does its work, and waits before it answers.</summary>
    public StoreHold HoldNextAnswer(StoreCall call)
    {
        var hold = new StoreHold();
        Give(call, new Fault(null, hold, IsAfterwards: true), times: 1);

        return hold;
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<InsertOutcome>> InsertAsync(InsertRequest request, CancellationToken cancellationToken) =>
        RunAsync(StoreCall.Insert, () => inner.InsertAsync(request, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Job>> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken) =>
        RunAsync(StoreCall.Claim, () => inner.ClaimAsync(request, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public ValueTask<RenewOutcome> RenewAsync(RenewRequest request, CancellationToken cancellationToken) =>
        RunAsync(StoreCall.Renew, () => inner.RenewAsync(request, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Job>> CompleteAsync(IReadOnlyList<JobCompletion> completions, CancellationToken cancellationToken) =>
        RunAsync(
            StoreCall.Complete,
            () => IsBad is { } isBad && completions.Any(isBad) ? throw new InvalidOperationException("A bad end.") : inner.CompleteAsync(completions, cancellationToken),
            cancellationToken);

    /// <inheritdoc />
    public ValueTask<AdvanceOutcome> AdvanceAsync(AdvanceRequest request, CancellationToken cancellationToken) =>
        RunAsync(StoreCall.Advance, () => inner.AdvanceAsync(request, cancellationToken), cancellationToken);

    private async ValueTask<T> RunAsync<T>(StoreCall call, Func<ValueTask<T>> real, CancellationToken cancellationToken)
    {
        var fault = Take(call);

        if (fault is { Hold: { } hold, IsAfterwards: false })
        {
            await hold.PassAsync(cancellationToken);
        }

        if (fault is { Exception: { } before, IsAfterwards: false })
        {
            throw before;
        }

        var result = await real();

        if (fault is { Hold: { } late, IsAfterwards: true })
        {
            await late.PassAsync(cancellationToken);
        }

        return fault.Exception is { } after ? throw after : result;
    }

    private void Give(StoreCall call, Fault fault, int times)
    {
        lock (_gate)
        {
            if (!_faults.TryGetValue(call, out var faults))
            {
                _faults[call] = faults = [];
            }

            for (var given = 0; given < times; given++)
            {
                faults.Enqueue(fault);
            }
        }
    }

    private Fault Take(StoreCall call)
    {
        lock (_gate)
        {
            _calls[call] = _calls.GetValueOrDefault(call) + 1;

            return _faults.TryGetValue(call, out var faults) && faults.TryDequeue(out var fault) ? fault : default;
        }
    }

    private readonly record struct Fault(Exception? Exception, StoreHold? Hold, bool IsAfterwards);
}

/// <summary>A store call that hangs.</summary>
public sealed class StoreHold
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the call has arrived and hangs.</summary>
    public Task Entered => _entered.Task;

    /// <summary>Lets the call go on; one that has not arrived yet will not hang.</summary>
    public void Release() => _released.TrySetResult();

    internal Task PassAsync(CancellationToken cancellationToken)
    {
        _entered.TrySetResult();

        return _released.Task.WaitAsync(cancellationToken);
    }
}
