using JobApi.Engine.Diagnostics;
using JobApi.Engine.Storage;
using Microsoft.Extensions.Options;

namespace JobApi.Engine.Upkeep;

/// <summary>
/// Deletes finished jobs that nobody is promised any more, a thousand at a time. On a disk a deletion costs half of what it does to take a job in and end it, so a round gives way while jobs
/// keep coming: a burst is over soon. It does so for half of the pause between two rounds, and 5 s, at the most, because the bound that it keeps is there for the disk. In memory there is nothing to be won, and less room.
/// </summary>
internal sealed class Retention(IJobControl control, StoreTraits traits, JobMetrics metrics, IOptions<RetentionOptions> options, TimeProvider time) : IEngineLoop
{
    private const int MaxDeletions = 1_000;

    /// <summary>With so many jobs submitted during a thousand deletions, which take some 5 ms, others have much to do.</summary>
    private const int ManyJobs = 10;

    private static readonly TimeSpan MaxPatience = TimeSpan.FromSeconds(5);

    /// <summary>What it waits after each thousand while others have much to do.</summary>
    private static readonly TimeSpan Way = TimeSpan.FromMilliseconds(100);

    private readonly IReadOnlyList<ByteBound> _bounds = options.Value.ToBounds();
    private readonly TimeSpan _patience = traits.Durability == Durability.Memory ? TimeSpan.Zero : Shorter(options.Value.Interval / 2, MaxPatience);

    public string Name => "retention";

    public async Task RunAsync(Heartbeat heartbeat, CancellationToken stop)
    {
        using var tick = new PeriodicTimer(options.Value.Interval, time);

        while (await heartbeat.RestUntilAsync(tick.WaitForNextTickAsync(stop)))
        {
            var begun = time.GetTimestamp();
            var submitted = metrics.Submissions;

            while (await PurgeAsync(stop) == MaxDeletions)
            {
                heartbeat.Beat();

                // The store's other users come between two calls, and health sees that this loop moves.
                var left = metrics.Submissions - submitted < ManyJobs ? TimeSpan.Zero : _patience - time.GetElapsedTime(begun);
                await heartbeat.RestUntilAsync(GiveWayAsync(Shorter(left, Way), stop));
                submitted = metrics.Submissions;
            }

            heartbeat.Beat();
        }
    }

    private async Task<int> PurgeAsync(CancellationToken stop) =>
        (await control.PurgeAsync(new PurgeRequest(time.GetUtcNow(), _bounds, MaxDeletions), stop)).Count;

    private async ValueTask<bool> GiveWayAsync(TimeSpan way, CancellationToken stop)
    {
        if (way > TimeSpan.Zero)
        {
            await Task.Delay(way, time, stop);
        }
        else
        {
            await Task.Yield();
        }

        return true;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
