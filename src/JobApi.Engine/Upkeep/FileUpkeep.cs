using JobApi.Engine.Diagnostics;
using JobApi.Engine.Files;

namespace JobApi.Engine.Upkeep;

/// <summary>Has files collected that no job names any more.</summary>
internal sealed class FileUpkeep(FileCollector collector, TimeProvider time) : IEngineLoop
{
    /// <summary>Files live for hours: they are looked at every ten minutes, and a full disk is no reason to look more often.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    public string Name => "file upkeep";

    public async Task RunAsync(Heartbeat heartbeat, CancellationToken stop)
    {
        using var tick = new PeriodicTimer(Interval, time);

        while (await heartbeat.RestUntilAsync(tick.WaitForNextTickAsync(stop)))
        {
            // A round over very many files may take long, and health must not mistake it for a standstill.
            await heartbeat.RestUntilAsync(new ValueTask<int>(collector.CollectAsync(time.GetUtcNow(), stop)));
            heartbeat.Beat();
        }
    }
}
