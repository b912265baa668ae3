using System.Collections.Concurrent;
using JobApi.Engine.Events;
using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Execution;

/// <summary>Every job this process has claimed and not yet finished with. A cancellation, wherever it came from, finds its handler here.</summary>
internal sealed class HeldJobs(Occupancy occupancy) : IJobObserver
{
    /// <summary>Cancellations remembered of running jobs that are not held: of those that another node runs nobody ever asks.</summary>
    private const int MaxEarly = 1_000;

    private readonly ConcurrentDictionary<Guid, HeldJob> _held = new();

    // Cancellations that came between a claim and its registration.
    private readonly ConcurrentDictionary<Guid, int> _early = new();
    private readonly ConcurrentQueue<Guid> _earlyOrder = new();

    /// <summary>Jobs held now.</summary>
    public int Count => _held.Count;

    /// <summary>Jobs held now, in no order.</summary>
    public IEnumerable<HeldJob> All => _held.Values;

    public HeldJob Add(Job job)
    {
        var held = new HeldJob(job);
        _held[job.Id] = held;
        occupancy.Hold();

        // Registered first and asked second, the other way round than in Changed: one of the two sees the other.
        if (_early.TryRemove(job.Id, out var attempt) && attempt == job.Attempt)
        {
            held.Stop(StopReason.CancelRequested);
        }

        return held;
    }

    /// <summary>The attempt's end is stored, or refused: nothing can be done about it any more.</summary>
    public void Remove(HeldJob held)
    {
        _held.TryRemove(new KeyValuePair<Guid, HeldJob>(held.Job.Id, held));

        if (held.TryLetGo())
        {
            occupancy.LetGo();
        }
    }

    public void Stop(Guid id, StopReason reason)
    {
        if (_held.TryGetValue(id, out var held))
        {
            held.Stop(reason);
        }
    }

    public void StopAll(StopReason reason)
    {
        foreach (var held in _held.Values)
        {
            held.Stop(reason);
        }
    }

    public void Changed(Job job)
    {
        if (job is not { State: JobState.Running, CancelRequestedAt: not null } || StopIfHeld(job))
        {
            return;
        }

        Remember(job);

        if (StopIfHeld(job))
        {
            _early.TryRemove(job.Id, out _);
        }
    }

    /// <summary>Stops this very attempt: a notice that comes late may speak of an earlier one.</summary>
    private bool StopIfHeld(Job job)
    {
        if (!_held.TryGetValue(job.Id, out var held) || held.Job.Attempt != job.Attempt)
        {
            return false;
        }

        held.Stop(StopReason.CancelRequested);
        return true;
    }

    private void Remember(Job job)
    {
        if (_early.TryAdd(job.Id, job.Attempt))
        {
            _earlyOrder.Enqueue(job.Id);
        }
        else
        {
            _early[job.Id] = job.Attempt;
        }

        if (_earlyOrder.Count > MaxEarly && _earlyOrder.TryDequeue(out var oldest))
        {
            _early.TryRemove(oldest, out _);
        }
    }
}
