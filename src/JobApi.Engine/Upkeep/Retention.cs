using JobApi.Engine.Diagnostics;
using JobApi.Engine.Storage;
using Microsoft.Extensions.Options;

namespace JobApi.Engine.Upkeep;

/// <summary>Deletes finished jobs that nobody is promised any more, a thousand at a time.</summary>
internal sealed class Retention(IJobControl control, IOptions<RetentionOptions> options, TimeProvider time) : IEngineLoop
{
    private const int MaxDeletions = 1_000;

    private readonly IReadOnlyList<ByteBound> _bounds = options.Value.ToBounds();

    public string Name => "retention";

    public async Task RunAsync(Heartbeat heartbeat, CancellationToken stop)
    {
        using var tick = new PeriodicTimer(options.Value.Interval, time);

        while (await heartbeat.RestUntilAsync(tick.WaitForNextTickAsync(stop)))
        {
            while (await PurgeAsync(stop) == MaxDeletions)
            {
                // The store's other users come between two rounds, and health sees that this loop moves.
                await heartbeat.RestUntilAsync(YieldAsync());
            }
        }
    }

    private async Task<int> PurgeAsync(CancellationToken stop) =>
        (await control.PurgeAsync(new PurgeRequest(time.GetUtcNow(), _bounds, MaxDeletions), stop)).Count;

    private static async ValueTask<bool> YieldAsync()
    {
        await Task.Yield();
        return true;
    }
}
