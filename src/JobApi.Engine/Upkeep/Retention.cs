using JobApi.Engine.Diagnostics;
using JobApi.Engine.Storage;
using Microsoft.Extensions.Options;

namespace JobApi.Engine.Upkeep;

/// <summary>
/// Deletes finished jobs that nobody is promised any more, a thousand at a time. Deleting a job costs a store half of what taking it in and ending it does, so a round gives way while jobs keep
/// coming, as a burst is over soon; but for half of the pause between two rounds at the most, because the bound it keeps is the disk's.
/// </summary>
internal sealed class Retention(IJobControl control, JobMetrics metrics, IOptions<RetentionOptions> options, TimeProvider time) : IEngineLoop
{
    private const int MaxDeletions = 1_000;

    /// <summary>With so many jobs submitted since the last look others have much to do: a thousand deletions take some 5 ms.</summary>
    private const int ManyJobs = 10;

    /// <summary>What it waits, each time, while others have.</summary>
    private static readonly TimeSpan Way = TimeSpan.FromMilliseconds(100);

    private readonly IReadOnlyList<ByteBound> _bounds = options.Value.ToBounds();
    private readonly TimeSpan _patience = options.Value.Interval / 2;

    // The loop's alone.
    private long _submissions;

    public string Name => "retention";

    public async Task RunAsync(Heartbeat heartbeat, CancellationToken stop)
    {
        using var tick = new PeriodicTimer(options.Value.Interval, time);

        while (await heartbeat.RestUntilAsync(tick.WaitForNextTickAsync(stop)))
        {
            var begun = time.GetTimestamp();
            _submissions = metrics.Submissions;

            while (await PurgeAsync(stop) == MaxDeletions)
            {
                // The store's other users come between two calls, and health sees that this loop moves.
                await heartbeat.RestUntilAsync(GiveWayAsync(begun, stop));
            }
        }
    }

    private async Task<int> PurgeAsync(CancellationToken stop) =>
        (await control.PurgeAsync(new PurgeRequest(time.GetUtcNow(), _bounds, MaxDeletions), stop)).Count;

    private async ValueTask<bool> GiveWayAsync(long begun, CancellationToken stop)
    {
        var (before, now) = (_submissions, metrics.Submissions);
        _submissions = now;

        if (now - before >= ManyJobs && time.GetElapsedTime(begun) < _patience)
        {
            await Task.Delay(Way, time, stop);
        }
        else
        {
            await Task.Yield();
        }

        return true;
    }
}
