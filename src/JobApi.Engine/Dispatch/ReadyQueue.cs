using System.Threading.Channels;
using JobApi.Engine.Execution;

namespace JobApi.Engine.Dispatch;

/// <summary>
/// Claimed jobs on their way to the worker whose hand was taken for them. Bounded by the number of hands there can be; a null is the
/// word to an idle worker that it may go.
/// </summary>
internal sealed class ReadyQueue
{
    private readonly Channel<HeldJob?> _ready;
    private readonly Hands _hands;
    private readonly TimeProvider _time;
    private int _count;

    public ReadyQueue(Hands hands, int capacity, TimeProvider time)
    {
        _time = time;
        _ready = Channel.CreateBounded<HeldJob?>(new BoundedChannelOptions(capacity));
        _hands = hands;
        hands.Dismiss = () => _ready.Writer.TryWrite(null);
    }

    /// <summary>Called when a worker has nothing to do.</summary>
    public Action? OnIdle { get; set; }

    /// <summary>Claimed jobs that no worker has picked up yet.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>For how long the first job has been here without a worker picking it up.</summary>
    public TimeSpan StuckFor => _ready.Reader.TryPeek(out var first) && first is not null ? _time.GetElapsedTime(first.ReadySince) : TimeSpan.Zero;

    /// <summary>Passes a claimed job on. There is room, because a hand was taken for it; false only when the queue is closed.</summary>
    public bool TryAdd(HeldJob held)
    {
        held.ReadySince = _time.GetTimestamp();
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
            Add(unread, held);
        }

        return unread;
    }

    /// <summary>Takes back what nobody has picked up, and the promise of a hand for it.</summary>
    public IReadOnlyList<HeldJob> TakeBack()
    {
        var unread = new List<HeldJob>();

        // A word to go means that an idle worker is on its way to read it, and the jobs behind it: nothing is stuck.
        while (_ready.Reader.TryPeek(out var next) && next is not null && _ready.Reader.TryRead(out var held))
        {
            if (held is null)
            {
                _ready.Writer.TryWrite(held);
                break;
            }

            Add(unread, held);
        }

        _hands.Return(unread.Count);
        return unread;
    }

    private void Add(List<HeldJob> unread, HeldJob? held)
    {
        if (held is not null)
        {
            Interlocked.Decrement(ref _count);
            unread.Add(held);
        }
    }
}
