using JobApi.Engine.Diagnostics;
using JobApi.Engine.Dispatch;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using Microsoft.Extensions.Options;

namespace JobApi.Engine.Workers;

/// <summary>Looks at the backlog every few seconds and lets <see cref="PoolScaler"/> decide the pool's size.</summary>
internal sealed class AutoScaler(WorkerPool pool, IJobReader store, ReadyQueue ready, Hands hands, Isolation isolation, TypeLimits limits, OpenQueues queues, IOptions<WorkerOptions> options, TimeProvider time) : IEngineLoop
{
    // Owned by the loop.
    private long _lastStep = time.GetTimestamp();

    public string Name => "scaler";

    public async Task RunAsync(Heartbeat heartbeat, CancellationToken stop)
    {
        using var tick = new PeriodicTimer(options.Value.ScalerTick, time);

        while (await heartbeat.RestUntilAsync(tick.WaitForNextTickAsync(stop)))
        {
            if (isolation.IsClosed)
            {
                // Jobs wait because one runs alone, which says nothing about the size of the pool.
                heartbeat.Beat();
                continue;
            }

            var counts = await store.CountAsync(stop);

            heartbeat.Beat();

            // New jobs that wait for hands before they are stored are in no counter.
            if (pool.Scale(Claimable(counts) + ready.Count + hands.Wanted, time.GetElapsedTime(_lastStep)))
            {
                _lastStep = time.GetTimestamp();
            }
        }
    }

    /// <summary>More workers would not help a job that has to run alone, whose queue is paused, whose type is at its limit, or that nobody here can run.</summary>
    private long Claimable(JobCounts counts) => Math.Max(0, Math.Min(
        limits.Fitting(counts.QueuedByType.ToDictionary(pair => pair.Key, pair => pair.Value - counts.SuspectsByType.GetValueOrDefault(pair.Key))),
        counts[JobState.Queued] - queues.PausedOf(counts.QueuedByQueue)));
}
