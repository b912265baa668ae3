using System.Collections.Concurrent;
using JobApi.Engine.Events;
using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Execution;

/// <summary>Every job this process has claimed and not yet finished with. A cancellation, wherever it came from, finds its handler here.</summary>
internal sealed class HeldJobs(Occupancy occupancy) : IJobObserver
{
    private readonly ConcurrentDictionary<Guid, HeldJob> _held = new();

    /// <summary>Jobs held now.</summary>
    public int Count => _held.Count;

    /// <summary>Jobs held now, in no order.</summary>
    public IEnumerable<HeldJob> All => _held.Values;

    public HeldJob Add(Job job)
    {
        var held = new HeldJob(job);
        _held[job.Id] = held;
        occupancy.Hold();
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
        // Of this attempt, because a notice that comes late may speak of an earlier one.
        if (job is { State: JobState.Running, CancelRequestedAt: not null } && _held.TryGetValue(job.Id, out var held) && held.Job.Attempt == job.Attempt)
        {
            held.Stop(StopReason.CancelRequested);
        }
    }
}
