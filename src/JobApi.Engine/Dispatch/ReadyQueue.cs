using System.Threading.Channels;
using JobApi.Engine.Execution;

namespace JobApi.Engine.Dispatch;

/// <summary>
/// Claimed jobs on their way to the worker whose hand was taken for them. Bounded by the number of workers; a null is the word
/// to an idle worker that it may go.
/// </summary>
internal sealed class ReadyQueue
{
    private readonly Channel<HeldJob?> _ready;
    private readonly Hands _hands;
    private int _count;

    public ReadyQueue(Hands hands, int capacity)
    {
        _ready = Channel.CreateBounded<HeldJob?>(new BoundedChannelOptions(capacity));
        _hands = hands;
        hands.Dismiss = () => _ready.Writer.TryWrite(null);
    }

    /// <summary>Called when a worker has nothing to do.</summary>
    public Action? OnIdle { get; set; }

    /// <summary>Claimed jobs that no worker has picked up yet.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Passes a claimed job on. There is room, because a hand was taken for it; false only when the queue is closed.</summary>
    public bool TryAdd(HeldJob held)
    {
        Interlocked.Increment(ref _count);

        if (_ready.Writer.TryWrite(held))
        {
            return true;
        }

        Interlocked.Decrement(ref _count);
        return false;
    }

    /// <summary>Waits for the next job; null when the worker should go.</summary>
    public async ValueTask<HeldJob?> NextAsync()
    {
        if (!_hands.Offer())
        {
            return null;
        }

        OnIdle?.Invoke();

        try
        {
            // No token: a worker that has offered a hand leaves only when it is told to, or the promise of a job would be broken.
            var held = await _ready.Reader.ReadAsync(CancellationToken.None);

            if (held is not null)
            {
                Interlocked.Decrement(ref _count);
            }

            return held;
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    /// <summary>No more jobs will come: waiting workers go, and what nobody picked up is returned.</summary>
    public IReadOnlyList<HeldJob> Close()
    {
        _ready.Writer.TryComplete();
        var unread = new List<HeldJob>();

        while (_ready.Reader.TryRead(out var held))
        {
            if (held is not null)
            {
                Interlocked.Decrement(ref _count);
                unread.Add(held);
            }
        }

        return unread;
    }
}
