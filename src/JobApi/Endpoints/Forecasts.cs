using JobApi.Engine.Diagnostics;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Workers;

namespace JobApi.Endpoints;

/// <summary>What is to be expected of a job that waits.</summary>
/// <param name="Position">Its place among the due jobs; null when it is not due or far away.</param>
/// <param name="StartAt">When it is likely to start; null when nothing is known.</param>
/// <param name="Obstacle">What keeps it from starting, whatever is ahead of it.</param>
internal readonly record struct Forecast(int? Position, DateTimeOffset? StartAt, Obstacle? Obstacle = null);

/// <summary>Looks ahead for the answers about single jobs. A list makes no forecasts: each costs a look at the jobs that are ahead.</summary>
internal sealed class Forecasts(IJobReader jobs, IQueueSettings queues, HandlerRegistry types, JobMetrics metrics, WorkerPool pool, TimeProvider time)
{
    /// <summary>Places beyond it are not counted.</summary>
    public const int MaxPosition = 1_000;

    public async ValueTask<Forecast> OfAsync(Job job, CancellationToken cancellationToken)
    {
        if (job.State == JobState.Scheduled)
        {
            return new Forecast(null, job.RunAt);
        }

        if (job.State != JobState.Queued || !types.Names.Contains(job.Type))
        {
            return default;
        }

        if (await queues.FindObstacleAsync(job, cancellationToken) is { } obstacle)
        {
            // When it will be out of the way, nobody can say.
            return new Forecast(null, null, obstacle);
        }

        var position = await jobs.PlaceAsync(job, MaxPosition, cancellationToken);

        return new Forecast(position, Start(position ?? MaxPosition, metrics.Snapshot().Total.Duration, pool.Snapshot().Size));
    }

    /// <summary>Every worker takes its share of the jobs ahead, each as long as jobs have taken so far.</summary>
    private DateTimeOffset? Start(int position, DurationFigures durations, int workers) =>
        durations.Count == 0 ? null : time.GetUtcNow() + TimeSpan.FromMilliseconds(Math.Min(durations.AverageMs * position / Math.Max(workers, 1), int.MaxValue));
}
