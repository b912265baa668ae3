using JobApi.Engine.Diagnostics;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Workers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobApi.Engine.Upkeep;

/// <summary>Writes one line of figures every two seconds while something happens, and one last line when it is over.</summary>
internal sealed partial class StatsLine(
    JobMetrics metrics, WorkerPool pool, IJobReader store, IOptions<StatsOptions> options, TimeProvider time, ILogger<StatsLine> logger) : IEngineLoop
{
    // Owned by the loop.
    private Figures _last;

    public string Name => "stats line";

    public async Task RunAsync(Heartbeat heartbeat, CancellationToken stop)
    {
        using var tick = new PeriodicTimer(options.Value.Interval, time);

        while (await heartbeat.RestUntilAsync(tick.WaitForNextTickAsync(stop)))
        {
            if (!options.Value.Enabled)
            {
                continue;
            }

            var total = metrics.Snapshot().Total;
            var workers = pool.Snapshot();
            var counts = await store.CountAsync(stop);
            var now = new Figures(total.Processed, total.Failed, workers.Busy, counts[JobState.Queued]);

            if (now != _last || now.Busy > 0)
            {
                LogStats(logger, now.Processed, now.Failed, total.Duration.AverageMs, workers.Size, now.Busy, now.Queue);
            }

            _last = now;
            heartbeat.Beat();
        }
    }

    private readonly record struct Figures(long Processed, long Failed, int Busy, long Queue);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "processed {Processed}, failed {Failed}, average {AverageMs:0.###} ms, active {Active}, busy {Busy}, queue {Queue}")]
    private static partial void LogStats(ILogger logger, long processed, long failed, double averageMs, int active, int busy, long queue);
}
