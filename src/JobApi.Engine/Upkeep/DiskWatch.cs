using JobApi.Engine.Diagnostics;

namespace JobApi.Engine.Upkeep;

/// <summary>Looks at the disks once a second: soon enough for the default floor at 200 MB/s, and too seldom to cost anything.</summary>
internal sealed class DiskWatch(DiskSpace disks, TimeProvider time) : IEngineLoop
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public string Name => "disk watch";

    public async Task RunAsync(Heartbeat heartbeat, CancellationToken stop)
    {
        using var tick = new PeriodicTimer(Interval, time);

        while (await heartbeat.RestUntilAsync(tick.WaitForNextTickAsync(stop)))
        {
            disks.Look();
            heartbeat.Beat();
        }
    }
}
