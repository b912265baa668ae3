using JobApi.Contracts;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Results;
using JobApi.Engine.Storage;
using JobApi.OpenApi;
using JobApi.Refusals;
using JobApi.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JobApi.Endpoints;

/// <summary><c>/jobs</c>: submit and read.</summary>
internal static class JobEndpoints
{
    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/jobs").WithTags("Jobs");

        jobs.MapPost("/", SubmitEndpoint.SubmitAsync)
            .WithMetadata(new RequestBody(typeof(SubmitJobRequest), IsOptional: false)).Produces<JobResponse>().Produces<JobResponse>(StatusCodes.Status202Accepted).Describe(JobDocs.Submit);
        jobs.MapMethods("/", Reading.Methods, ListAsync).Describe(JobDocs.List);
        jobs.MapMethods("/{id:guid}", Reading.Methods, GetAsync)
            .Produces<JobResponse>().Produces(StatusCodes.Status304NotModified).Describe(JobDocs.Get);
        jobs.MapMethods("/{id:guid}/result", Reading.Methods, ResultAsync).Describe(JobDocs.Result);

        jobs.MapBulk();
        jobs.MapJobSweeps();
        jobs.MapJobActions();
        jobs.MapJobHistory();
    }

    /// <summary>404 for an id that never was a job, 410 for one that is not any more.</summary>
    internal static async ValueTask<Problem> MissingAsync(this IJobReader jobs, Guid id, CancellationToken cancellationToken) =>
        await jobs.IsGoneAsync(id, cancellationToken) ? Problems.JobGone(id) : Problems.JobNotFound(id);

    private static async Task<Ok<JobListResponse>> ListAsync(
        JobListQuery list, IJobReader jobs, JobResponses responses, CancellationToken cancellationToken)
    {
        var page = await jobs.ListAsync(list.Query, cancellationToken);

        return TypedResults.Ok(new JobListResponse(
            [.. page.Items.Select(job => responses.Of(job))], page.Next is { } next ? PageToken.Write(next, list.Fingerprint) : null));
    }

    private static Task<IResult> GetAsync(Guid id, WaitPreference wait, HttpContext http, JobLookup lookup, CancellationToken cancellationToken) =>
        lookup.AnswerAsync(id, wait, http, cancellationToken);

    private static async Task<Results<Ok<RawJson>, Accepted<JobResponse>, Problem>> ResultAsync(
        Guid id,
        HttpResponse response,
        ResultsStore results,
        IJobReader jobs,
        JobResponses responses,
        Forecasts forecasts,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        switch (await results.FindAsync(id, cancellationToken))
        {
            case null:
                return await jobs.MissingAsync(id, cancellationToken);
            case { State: JobState.Succeeded } job:
                response.Headers.ETag = EntityTags.Of(job);
                return TypedResults.Ok(new RawJson(job.Result ?? "null"u8.ToArray()));
            case { State: JobState.Failed } job:
                return Problems.JobFailed(job);
            case { State: JobState.Canceled } job:
                return Problems.JobCanceled(job);
            case var job:
                var forecast = await forecasts.OfAsync(job, cancellationToken);
                response.AddRetryAfter(job, time, forecast);
                return TypedResults.Accepted(JobResponses.PathOf(id), responses.Of(job, forecast));
        }
    }
}
