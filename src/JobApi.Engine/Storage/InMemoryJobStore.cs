using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage.InMemory;

namespace JobApi.Engine.Storage;

/// <summary>
/// Keeps jobs in this process's memory: nothing survives it. It is also the executable model of every other store: one lock, one
/// dictionary, every move made by <see cref="JobLifecycle"/>, every index derived from the snapshots. Each call is done when
/// it returns, so cancellation tokens are never looked at.
/// </summary>
public sealed partial class InMemoryJobStore : IJobQueue, IJobReader, IJobControl, IJobHistory
{
    private readonly StoreOptions _options;
    private readonly Func<double> _jitter;

    // Everything below is read and written only under the gate.
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, StoredJob> _jobs = [];
    private readonly Arrivals _arrivals = new();
    private readonly WaitingJobs _waiting = new();
    private readonly QueueBook _queues = new();
    private readonly Agenda _scheduled = new(job => job.State == JobState.Scheduled ? job.RunAt : null);
    private readonly Agenda _queued = new(job => job.State == JobState.Queued ? job.RunAt : null);
    private readonly Agenda _expiring = new(JobLifecycle.ExpiresAt);
    private readonly Agenda _leases = new(job => job.LeaseExpiresAt);
    private readonly FinishedJobs _finished = new();
    private readonly Agenda _purgeable;
    private readonly Tally _tally = new();
    private readonly FileUse _files = new();
    private readonly UniqueKeys _unique = new();
    private readonly KeyBook _keys = new();
    private readonly Tombstones _tombstones;
    private long _lastSequence;

    /// <param name="options">The bounds to keep.</param>
    /// <param name="jitter">Draws from [0, 1) for the pauses after lost leases; random when absent.</param>
    public InMemoryJobStore(StoreOptions options, Func<double>? jitter = null)
    {
        _options = options;
        _jitter = jitter ?? Random.Shared.NextDouble;
        _purgeable = new Agenda(options.Retention.PurgeAt);
        _tombstones = new Tombstones(options.MaxTombstones);
    }

    /// <summary>What this store promises: nothing beyond the life of its process, which it has to itself.</summary>
    public static StoreTraits Traits { get; } = new("memory", Durability.Memory, IsShared: false);

    /// <summary>The only place where a stored snapshot is replaced.</summary>
    private Job Put(StoredJob stored, Job next)
    {
        var before = stored.Job;
        stored.Job = next;
        Reindex(stored, before, next);

        return next;
    }

    /// <summary>The only place where a job is deleted.</summary>
    private void Remove(StoredJob stored)
    {
        Reindex(stored, stored.Job, null);
        _jobs.Remove(stored.Job.Id);
        _arrivals.Remove(stored);
        _tombstones.Add(stored.Job.Id);

        if (stored.Key is { } key)
        {
            _keys.Release(key);
        }
    }

    private void Reindex(StoredJob stored, Job? before, Job? after)
    {
        _waiting.Update(stored, before, after);
        _queues.Update(stored, before, after);
        _scheduled.Update(stored, before, after);
        _queued.Update(stored, before, after);
        _expiring.Update(stored, before, after);
        _leases.Update(stored, before, after);
        _finished.Update(stored, before, after);
        _purgeable.Update(stored, before, after);
        _tally.Update(before, after);
        _files.Update(before, after);
        _unique.Update(stored, before, after);
    }

    /// <summary>The job of a lease while that very attempt runs; null when the lease is stale.</summary>
    private StoredJob? Held(Lease lease) =>
        _jobs.TryGetValue(lease.JobId, out var stored) && stored.Job.State == JobState.Running && stored.Job.Attempt == lease.Attempt ? stored : null;
}
