using JobApi.Contracts;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Storage.Searching;
using JobApi.OpenApi;
using JobApi.Refusals;
using JobApi.Requests;
using JobApi.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JobApi.Endpoints;

/// <summary><c>/jobs</c>: cancel, retry and delete the jobs that a filter finds.</summary>
internal static class JobSweepEndpoints
{
    private static readonly HashSet<JobState> NotEnded = [JobState.Scheduled, JobState.Queued, JobState.Running];
    private static readonly HashSet<JobState> Ended = [JobState.Succeeded, JobState.Failed, JobState.Canceled];
    private static readonly HashSet<JobState> Retryable = [JobState.Failed, JobState.Canceled];

    public static void MapJobSweeps(this IEndpointRouteBuilder jobs)
    {
        jobs.MapPost("/cancel", CancelAsync).Validate<CancelJobsRequest>().Describe(BulkDocs.Cancel);
        jobs.MapPost("/retry", RetryAsync).Validate<JobFilterRequest>().Describe(BulkDocs.Retry);
        jobs.MapPost("/delete", DeleteAsync).Validate<JobFilterRequest>().Describe(BulkDocs.Delete);
    }

    private static Task<Results<Ok<JobActionResponse>, Problem>> CancelAsync(
        JsonBody<CancelJobsRequest> body, HttpContext context, IJobControl control, JobSweep sweep, TimeProvider time, CancellationToken cancellationToken)
    {
        var asked = new Cancellation(context.Connection.Bulk(), body.Value.Reason);

        return RunAsync("cancel", body.Value, NotEnded, sweep, jobs => control.CancelAsync(jobs, asked, time.GetUtcNow(), CancellationToken.None), cancellationToken);
    }

    private static Task<Results<Ok<JobActionResponse>, Problem>> RetryAsync(
        JsonBody<JobFilterRequest> body, IJobControl control, JobSweep sweep, TimeProvider time, CancellationToken cancellationToken) =>
        RunAsync("retry", body.Value, Retryable, sweep, jobs => control.RequeueAsync(jobs, time.GetUtcNow(), CancellationToken.None), cancellationToken);

    private static Task<Results<Ok<JobActionResponse>, Problem>> DeleteAsync(
        JsonBody<JobFilterRequest> body, IJobControl control, JobSweep sweep, CancellationToken cancellationToken) =>
        RunAsync("delete", body.Value, Ended, sweep, jobs => control.DeleteAsync(jobs, CancellationToken.None), cancellationToken);

    private static async Task<Results<Ok<JobActionResponse>, Problem>> RunAsync(
        string action,
        JobFilterRequest request,
        HashSet<JobState> states,
        JobSweep sweep,
        Func<JobSelection, ValueTask<IReadOnlyList<ControlOutcome>>> act,
        CancellationToken cancellationToken)
    {
        var filter = Filter(request);

        return SweepToken.Read(action, filter, request.PageToken) is { } token
            ? TypedResults.Ok(await sweep.RunAsync(filter, states, token, act, cancellationToken))
            : Problems.InvalidRequest(new PayloadError("/pageToken", "This token does not belong to a call with these filters; send it as it was given."));
    }

    private static JobFilter Filter(JobFilterRequest request) => new()
    {
        States = request.State is { Count: > 0 } states ? states.Select(word => Words.State(word)!.Value).ToHashSet() : null,
        Type = request.Type,
        Queue = request.Queue,
        Tags = request.Tags is { Count: > 0 } tags ? tags : null,
        CreatedAfter = request.CreatedAfter,
        CreatedBefore = request.CreatedBefore,
        Text = request.Q is { } q && SearchQuery.Read(q, out var text) is null ? text : null,
    };
}
