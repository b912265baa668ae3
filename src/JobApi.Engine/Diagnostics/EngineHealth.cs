using System.Collections.Concurrent;

namespace JobApi.Engine.Diagnostics;

/// <summary>Whether the engine lives, and whether it should be given work.</summary>
public sealed class EngineHealth(TimeProvider time) : IDisposable
{
    private const string Draining = "draining";

    private readonly ConcurrentDictionary<Heartbeat, bool> _loops = new();
    private readonly CancellationTokenSource _fatal = new();
    private readonly CancellationTokenSource _storeGone = new();
    private volatile string? _notReady = "starting";
    private volatile string? _fatalReason;

    /// <summary>Why this node should get no traffic now, such as <c>draining</c>; null when it is ready.</summary>
    public string? NotReadyBecause => _fatalReason ?? _notReady;

    /// <summary>Whether the engine is stopping, or cannot go on: it takes nothing in any more.</summary>
    internal bool IsDraining => _fatalReason is not null || ReferenceEquals(_notReady, Draining);

    /// <summary>Fires when the process cannot go on; the host then stops and exits non-zero.</summary>
    internal CancellationToken Fatal => _fatal.Token;

    /// <summary>Fires when nothing can be stored any more.</summary>
    internal CancellationToken StoreGone => _storeGone.Token;

    /// <summary>Asked for anything else that only a restart can mend; null when there is nothing.</summary>
    internal Func<string?>? Complaint { get; set; }

    /// <summary>What only a restart can mend: loops that should have ticked and did not, and too many abandoned handlers; empty when all is well.</summary>
    public IReadOnlyList<string> StuckLoops()
    {
        if (_fatalReason is { } reason)
        {
            return [reason];
        }

        var stuck = _loops.Keys.Where(loop => loop.IsStuck).Select(loop => loop.Name).Order(StringComparer.Ordinal);
        return Complaint?.Invoke() is { } complaint ? [.. stuck, complaint] : [.. stuck];
    }

    /// <summary>
    /// The store has stopped for good: the process ends at once, with exit code 1. Nobody waits for jobs in hand, because their ends could not be stored;
    /// the next start finds them.
    /// </summary>
    /// <param name="reason">Why, for <c>/health</c>.</param>
    public void StoreHasStopped(string reason)
    {
        _storeGone.Cancel();
        CannotGoOn(reason);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _fatal.Dispose();
        _storeGone.Dispose();
    }

    internal Heartbeat Watch(string loop)
    {
        var heartbeat = new Heartbeat(loop, time);
        _loops.TryAdd(heartbeat, true);
        return heartbeat;
    }

    internal void Unwatch(Heartbeat heartbeat) => _loops.TryRemove(heartbeat, out _);

    internal void Ready() => _notReady = null;

    internal void Drain() => _notReady = Draining;

    /// <summary>Something inside is broken for good: the process drains and ends with exit code 1.</summary>
    internal void CannotGoOn(string reason)
    {
        _fatalReason ??= reason;
        _fatal.Cancel();
    }
}
