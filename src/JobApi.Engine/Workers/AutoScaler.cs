using JobApi.Engine.Diagnostics;
using JobApi.Engine.Dispatch;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using Microsoft.Extensions.Options;

namespace JobApi.Engine.Workers;

/// <summary>Looks at the backlog every few seconds and lets <see cref="PoolScaler"/> decide the pool's size.</summary>
internal sealed class AutoScaler(WorkerPool pool, IJobReader store, ReadyQueue ready, Isolation isolation, IOptions<WorkerOptions> options, TimeProvider time) : IEngineLoop
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
                continue;
            }

            var counts = await store.CountAsync(stop);

            if (pool.Scale(counts[JobState.Queued] - counts.Suspects + ready.Count, time.GetElapsedTime(_lastStep)))
            {
                _lastStep = time.GetTimestamp();
            }
        }
    }
}
