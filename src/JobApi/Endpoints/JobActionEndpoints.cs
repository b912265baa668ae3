using JobApi.Contracts;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.OpenApi;
using JobApi.Refusals;
using JobApi.Requests;
using JobApi.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JobApi.Endpoints;

/// <summary><c>/jobs/{id}</c>: change, cancel, retry, delete. A change that has begun is finished even when its client leaves.</summary>
internal static class JobActionEndpoints
{
    public static void MapJobActions(this IEndpointRouteBuilder jobs)
    {
        jobs.MapPatch("/{id:guid}", AmendAsync).Validate<AmendJobRequest>().Describe(JobDocs.Amend);
        jobs.MapPost("/{id:guid}/cancel", CancelAsync).Validate<CancelJobRequest>(optional: true).Describe(JobDocs.Cancel);
        jobs.MapPost("/{id:guid}/retry", RetryAsync).Describe(JobDocs.Retry);
        jobs.MapDelete("/{id:guid}", DeleteAsync).Describe(JobDocs.Delete);
    }

    private static async Task<Results<Ok<JobResponse>, Problem>> AmendAsync(
        Guid id,
        JsonBody<AmendJobRequest> body,
        VersionCondition version,
        HttpResponse response,
        IJobControl control,
        JobResponses responses,
        Forecasts forecasts,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var change = new JobAmendment { Priority = body.Value.Priority, RunAt = body.Value.RunAt, Tags = body.Value.Tags };
        var outcome = Single(await control.AmendAsync(version.On(id), change, time.GetUtcNow(), CancellationToken.None));

        switch (outcome)
        {
            case { Result: ControlResult.NotFound } or { Job: null }:
                return Problems.JobNotFound(id);
            case { Result: ControlResult.NotMeant }:
                return Problems.OtherVersion(outcome.Job);
            case { Result: ControlResult.WrongState }:
                return Problems.JobStarted(outcome.Job);
            case { Result: ControlResult.TooMuch }:
                return Problems.InvalidRequest(new PayloadError("/tags", $"The job would have more than {JobSpec.MaxTags} tags."));
            default:
                var forecast = await forecasts.OfAsync(outcome.Job, cancellationToken);
                response.Headers.ETag = EntityTags.Of(outcome.Job);
                response.AddRetryAfter(outcome.Job, time, forecast);
                return TypedResults.Ok(responses.Of(outcome.Job, forecast));
        }
    }

    private static async Task<Results<Ok<JobResponse>, Accepted<JobResponse>, Problem>> CancelAsync(
        Guid id, JsonBody<CancelJobRequest>? body, VersionCondition version, HttpContext context, IJobControl control, JobResponses responses, TimeProvider time)
    {
        var asked = new Cancellation(context.Connection.Client(), body?.Value.Reason);
        var outcome = Single(await control.CancelAsync(version.On(id), asked, time.GetUtcNow(), CancellationToken.None));

        return outcome switch
        {
            { Result: ControlResult.NotFound } or { Job: null } => Problems.JobNotFound(id),
            { Result: ControlResult.NotMeant } => Problems.OtherVersion(outcome.Job),
            { Result: ControlResult.WrongState } => Problems.JobFinished(outcome.Job),
            { Job.State: JobState.Canceled } => TypedResults.Ok(responses.Of(outcome.Job)),
            _ => TypedResults.Accepted(JobResponses.PathOf(id), responses.Of(outcome.Job)),
        };
    }

    private static async Task<Results<Accepted<JobResponse>, Problem>> RetryAsync(
        Guid id, VersionCondition version, HttpResponse response, IJobControl control, JobResponses responses, ExpectedWait expected, TimeProvider time)
    {
        var outcome = Single(await control.RequeueAsync(version.On(id), time.GetUtcNow(), CancellationToken.None));

        switch (outcome)
        {
            case { Result: ControlResult.NotFound } or { Job: null }:
                return Problems.JobNotFound(id);
            case { Result: ControlResult.NotMeant }:
                return Problems.OtherVersion(outcome.Job);
            case { Result: ControlResult.WrongState }:
                return Problems.JobNotRetryable(outcome.Job);
            case { Result: ControlResult.UniqueKeyHeld }:
                return Problems.UniqueKeyTaken(outcome.Job);
            default:
                response.AddRetryAfter(outcome.Job, time, await expected.StartOfAsync(outcome.Job, CancellationToken.None));
                return TypedResults.Accepted(JobResponses.PathOf(id), responses.Of(outcome.Job));
        }
    }

    private static async Task<Results<NoContent, Problem>> DeleteAsync(Guid id, VersionCondition version, IJobControl control) =>
        Single(await control.DeleteAsync(version.On(id), CancellationToken.None)) switch
        {
            { Result: ControlResult.NotMeant, Job: { } job } => Problems.OtherVersion(job),
            { Result: ControlResult.WrongState, Job: { } job } => Problems.JobNotFinished(job),
            { Result: ControlResult.NotFound } => Problems.JobNotFound(id),
            _ => TypedResults.NoContent(),
        };

    private static ControlOutcome Single(IReadOnlyList<ControlOutcome> outcomes) => outcomes[0];
}
