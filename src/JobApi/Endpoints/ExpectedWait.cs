using JobApi.Engine.Diagnostics;
using JobApi.Engine.Dispatch;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Workers;

namespace JobApi.Endpoints;

/// <summary>
/// When a job that was just accepted is likely to start, going by those that wait and are not held by a pause, and by how long jobs have taken so far. Looked up once a second at most:
/// submissions are the busiest path, and nobody asks again within that time.
/// </summary>
internal sealed class ExpectedWait(IJobReader jobs, OpenQueues queues, JobMetrics metrics, WorkerPool pool, TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private long _lookedAt;
    private long _waitMs;

    /// <returns>Null when the job does not wait for a worker.</returns>
    public async ValueTask<DateTimeOffset?> StartOfAsync(Job job, CancellationToken cancellationToken)
    {
        if (job.State != JobState.Queued)
        {
            return null;
        }

        var seen = Volatile.Read(ref _lookedAt);

        // Whoever comes first looks; the others go by what was seen last.
        if (time.GetElapsedTime(seen) > Freshness && Interlocked.CompareExchange(ref _lookedAt, time.GetTimestamp(), seen) == seen)
        {
            await LookAsync(cancellationToken);
        }

        return time.GetUtcNow() + TimeSpan.FromMilliseconds(Volatile.Read(ref _waitMs));
    }

    /// <summary>Looks now; what cannot be looked up stays as it was seen last.</summary>
    internal async ValueTask<TimeSpan> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var counts = await jobs.CountAsync(cancellationToken);
            var ahead = Math.Clamp(counts[JobState.Queued] - queues.PausedOf(counts.QueuedByQueue), 0, Forecasts.MaxPosition);
            var average = metrics.Snapshot().Total.Duration.AverageMs;
            Volatile.Write(ref _waitMs, (long)Math.Min(average * ahead / Math.Max(pool.Snapshot().Size, 1), int.MaxValue));
        }
#pragma warning disable CA1031 // The job is stored, and says so: what was seen before is good enough for a hint.
        catch (Exception)
#pragma warning restore CA1031
        {
        }

        return TimeSpan.FromMilliseconds(Volatile.Read(ref _waitMs));
    }
}
