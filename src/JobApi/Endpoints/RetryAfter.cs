using System.Globalization;
using JobApi.Engine.Lifecycle;
using Microsoft.Extensions.Primitives;

namespace JobApi.Endpoints;

/// <summary>When it is worth asking for a job again.</summary>
internal static class RetryAfter
{
    private const double MaxSeconds = 3_600;

    /// <summary>When a job that a pause or a limit holds is asked for again: nobody can say when it will be let go.</summary>
    private static readonly TimeSpan WhenHeld = TimeSpan.FromSeconds(10);

    /// <summary>Adds the header as the forecast says; a job that is held is asked for at a fixed pace.</summary>
    public static void AddRetryAfter(this HttpResponse response, Job job, TimeProvider time, Forecast forecast) =>
        response.AddRetryAfter(job, time, forecast.Obstacle is null ? forecast.StartAt : time.GetUtcNow() + WhenHeld);

    /// <summary>Adds the header while the job has not ended: a second, or the time until it is due or likely to start.</summary>
    public static void AddRetryAfter(this HttpResponse response, Job job, TimeProvider time, DateTimeOffset? startAt = null)
    {
        if (!job.State.IsTerminal())
        {
            response.Headers.RetryAfter = Seconds(job, startAt, time.GetUtcNow());
        }
    }

    private static StringValues Seconds(Job job, DateTimeOffset? startAt, DateTimeOffset now)
    {
        var wait = job.State == JobState.Scheduled ? (job.RunAt - now).TotalSeconds
            : job.State == JobState.Queued && startAt is { } start ? (start - now).TotalSeconds
            : 0;
        return wait <= 1 ? "1" : Math.Ceiling(Math.Min(wait, MaxSeconds)).ToString(CultureInfo.InvariantCulture);
    }
}
