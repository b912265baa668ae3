using System.Globalization;
using JobApi.Engine.Lifecycle;
using Microsoft.Extensions.Primitives;

namespace JobApi.Endpoints;

/// <summary>When it is worth asking for a job again.</summary>
internal static class RetryAfter
{
    private const double MaxSeconds = 3_600;

    /// <summary>Adds the header while the job has not ended: a second, or the time until it is due.</summary>
    public static void AddRetryAfter(this HttpResponse response, Job job, TimeProvider time)
    {
        if (!job.State.IsTerminal())
        {
            response.Headers.RetryAfter = Seconds(job, time.GetUtcNow());
        }
    }

    private static StringValues Seconds(Job job, DateTimeOffset now)
    {
        var wait = job.State == JobState.Scheduled ? (job.RunAt - now).TotalSeconds : 0;
        return wait <= 1 ? "1" : Math.Ceiling(Math.Min(wait, MaxSeconds)).ToString(CultureInfo.InvariantCulture);
    }
}
