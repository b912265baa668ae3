using System.Diagnostics;

namespace JobApi.Sqlite.Writing;

/// <summary>
/// What waits for the writer, bounded. Callers wait asynchronously for room; the writer waits on its own thread, so that an idle
/// store uses no timer and a busy thread pool does not slow it down.
/// </summary>
/// <param name="capacity">The most work of each kind, new jobs and the rest.</param>
/// <param name="patience">How long work waits for the moment in which it costs less.</param>
internal sealed class WorkQueue(int capacity, Patience patience) : IDisposable
{
    // New jobs have room of their own: however many wait for it, what concerns those that are here does not wait behind them.
    private readonly SemaphoreSlim _roomForIntake = new(capacity);
    private readonly SemaphoreSlim _room = new(capacity);
    private readonly object _gate = new();

    // Under the gate.
    private readonly Queue<Work> _urgent = [];
    private readonly Queue<Work> _ordinary = [];
    private readonly Queue<Work> _intake = [];
    private Exception? _closed;

    /// <summary>Adds work if there is room at once, as there nearly always is; false when it has to wait, or the queue is closed.</summary>
    public bool TryAdd(Work work) => RoomFor(work).Wait(0, CancellationToken.None) && TryEnqueue(work) is null;

    /// <param name="work">What to do.</param>
    /// <param name="cancellationToken">Gives up waiting for room. What is in the queue is done, whoever went away.</param>
    public async ValueTask AddAsync(Work work, CancellationToken cancellationToken)
    {
        await RoomFor(work).WaitAsync(cancellationToken);

        if (TryEnqueue(work) is { } closed)
        {
            throw closed;
        }
    }

    /// <summary>Puts work where room was made for it; when the queue is closed, says why.</summary>
    private Exception? TryEnqueue(Work work)
    {
        lock (_gate)
        {
            if (_closed is not null)
            {
                RoomFor(work).Release();
                return _closed;
            }

            // New jobs behind others that wait for their moment change nothing: the first of them decides.
            if (work.Urgency != Urgency.Intake || _intake.Count == 0)
            {
                Monitor.Pulse(_gate);
            }

            QueueOf(work).Enqueue(work);
            return null;
        }
    }

    private SemaphoreSlim RoomFor(Work work) => work.Urgency == Urgency.Intake ? _roomForIntake : _room;

    private Queue<Work> QueueOf(Work work) => work.Urgency switch
    {
        Urgency.Heartbeat => _urgent,
        Urgency.Intake => _intake,
        _ => _ordinary,
    };

    /// <summary>
    /// Takes what waits; waits only when nothing does, or nothing but what costs less in a moment. Empty when the queue is closed and done. New jobs have a weight
    /// of their own: however many come, those that are here are claimed and ended as fast, and the other way round. They stay in the order in which they came.
    /// </summary>
    public void Take(List<Work> batch, int maxIntake, int maxChanges)
    {
        int changes;

        lock (_gate)
        {
            while (_closed is null && WaitBeforeNext() is { } wait)
            {
                Monitor.Wait(_gate, wait);
            }

            for (var weight = 0; weight < maxChanges && (_urgent.TryDequeue(out var work) || _ordinary.TryDequeue(out work)); weight += work.Weight)
            {
                batch.Add(work);
            }

            changes = batch.Count;

            // The first of them was asked before: asked again it might say something else, and a batch of nothing means the end.
            for (var weight = 0; weight < maxIntake && (batch.Count == 0 || WaitOfFirst(_intake, weight) is null) && _intake.TryDequeue(out var work); weight += work.Weight)
            {
                batch.Add(work);
            }
        }

        Release(_room, changes);
        Release(_roomForIntake, batch.Count - changes);

        static void Release(SemaphoreSlim room, int count)
        {
            if (count > 0)
            {
                room.Release(count);
            }
        }
    }

    /// <summary>What new jobs waited for may have come.</summary>
    public void LookAgain()
    {
        lock (_gate)
        {
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>How long to wait at the most for something to happen; null when there is something to do now.</summary>
    private TimeSpan? WaitBeforeNext()
    {
        var isOnlyIntake = _urgent.Count + _ordinary.Count == 0;
        var isOneAlone = _urgent.Count + _intake.Count == 0 && _ordinary.Count == 1;

        // What is not the only work there is has company, and waits for none.
        return isOnlyIntake ? WaitOfFirst(_intake, 0) : isOneAlone ? WaitOfFirst(_ordinary, 0) : null;
    }

    /// <summary>How long the first of a queue waits at the most for something to happen, for ever when there is none; null when it can be taken now.</summary>
    private TimeSpan? WaitOfFirst(Queue<Work> queue, int weightBefore)
    {
        if (!queue.TryPeek(out var next))
        {
            return Timeout.InfiniteTimeSpan;
        }

        var left = patience.Of(next.Urgency) - Stopwatch.GetElapsedTime(next.Since);

        // The system counts in whole milliseconds: of less than one, nothing would be waited for.
        return left > TimeSpan.Zero && next.IsBetterLater?.Invoke(weightBefore) == true ? TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)) : null;
    }

    /// <summary>Takes in nothing more. What is in the queue can still be taken.</summary>
    /// <param name="why">What later callers are told.</param>
    public void Close(Exception why)
    {
        lock (_gate)
        {
            _closed ??= why;
            Monitor.PulseAll(_gate);
        }
    }

    public void Dispose()
    {
        _room.Dispose();
        _roomForIntake.Dispose();
    }
}
