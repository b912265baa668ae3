using JobApi.Contracts;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Results;
using JobApi.Engine.Storage;
using JobApi.Requests;

namespace JobApi.Endpoints;

/// <summary><c>GET /jobs/{id}</c>, the request that callers make again and again: what it needs is looked up once, not for each of them.</summary>
internal sealed class JobLookup(ResultsStore results, IJobReader jobs, JobResponses responses, Forecasts forecasts, TimeProvider time)
{
    public async Task<IResult> AnswerAsync(Guid id, WaitPreference wait, HttpContext http, CancellationToken cancellationToken)
    {
        var known = EntityTags.IfNoneMatch(http.Request);

        // With a version in hand the caller waits for any change; without one, for the end.
        var waited = await results.WaitAsync(id, known is null ? HasEnded : known.IsNews, wait.AtMost, cancellationToken);

        if (waited.Job is not { } job)
        {
            return await jobs.MissingAsync(id, cancellationToken);
        }

        var forecast = await forecasts.OfAsync(job, cancellationToken);
        http.Response.Headers.ETag = EntityTags.Of(job);
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.AddRetryAfter(job, time, forecast);

        http.Response.AddApplied(wait, waited);

        return known?.Matches(job.Version) == true
            ? NotModified.Answer
            : new JsonAnswer<JobResponse>(StatusCodes.Status200OK, responses.Of(job, forecast));
    }

    private static bool HasEnded(Job job) => job.State.IsTerminal();
}
