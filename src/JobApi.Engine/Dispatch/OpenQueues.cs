using System.Collections.Concurrent;
using JobApi.Engine.Events;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Engine.Dispatch;

/// <summary>
/// Notices when a job may become claimable that nothing has happened to: another one has ended that used up a limit, or somebody has changed the settings
/// of its queue. Then the bell is rung. Ends of jobs without limits ring for nobody, because they are most.
/// </summary>
public sealed class OpenQueues : IJobObserver
{
    private const int Page = 1_000;

    private readonly Doorbell _bell;
    private readonly ConcurrentDictionary<string, QueueStanding> _restricted = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    // Under the gate: queues that were changed since the load began; null when none is under way.
    private HashSet<string>? _changed;

    internal OpenQueues(Doorbell bell) => _bell = bell;

    /// <summary>Due jobs of paused queues, as the store has counted them: more workers would not help these.</summary>
    public long PausedOf(IReadOnlyDictionary<string, long> queued) =>
        _restricted.IsEmpty ? 0 : _restricted.Values.Where(queue => queue.IsPaused).Sum(queue => queued.GetValueOrDefault(queue.Name));

    /// <summary>Learns what was decided before this start.</summary>
    internal async Task LoadAsync(IQueueSettings store, CancellationToken stop)
    {
        lock (_gate)
        {
            _changed = new HashSet<string>(StringComparer.Ordinal);
        }

        string? after = null;

        do
        {
            var page = await store.ListAsync(new QueueQuery(Page, after, OnlyRestricted: true), stop);
            Take(page);
            after = page.Count == Page ? page[^1].Name : null;
        }
        while (after is not null);

        lock (_gate)
        {
            _changed = null;
        }
    }

    private void Take(IEnumerable<QueueStanding> page)
    {
        lock (_gate)
        {
            // What was decided meanwhile is newer, and be it that a setting was taken away.
            foreach (var queue in page.Where(queue => _changed?.Contains(queue.Name) != true))
            {
                _restricted.TryAdd(queue.Name, queue);
            }
        }
    }

    /// <summary>The settings of a queue were changed.</summary>
    internal void Changed(QueueStanding queue)
    {
        lock (_gate)
        {
            _changed?.Add(queue.Name);

            if (queue is { IsPaused: false, ConcurrencyLimit: null })
            {
                _restricted.TryRemove(queue.Name, out _);
            }
            else
            {
                _restricted[queue.Name] = queue;
            }
        }

        _bell.Ring();
    }

    void IJobObserver.Changed(Job job)
    {
        if (job.Attempt > 0 && job.State != JobState.Running && (job.Spec.ConcurrencyKey is not null || (!_restricted.IsEmpty && _restricted.ContainsKey(job.Queue))))
        {
            _bell.Ring();
        }
    }
}
