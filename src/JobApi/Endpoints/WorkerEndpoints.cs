using JobApi.Contracts;
using JobApi.Engine.Execution;
using JobApi.Engine.Workers;
using JobApi.OpenApi;
using JobApi.Refusals;
using JobApi.Requests;
using JobApi.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JobApi.Endpoints;

/// <summary><c>/workers</c>: the pool, and its size at run time.</summary>
internal static class WorkerEndpoints
{
    public static void MapWorkers(this IEndpointRouteBuilder routes)
    {
        var workers = routes.MapGroup("/workers").WithTags("Workers");

        workers.MapMethods("/", Reading.Methods, Get).Describe(ServerDocs.GetWorkers);
        workers.MapPatch("/", Resize).Validate<ResizeWorkersRequest>().Describe(ServerDocs.ResizeWorkers);
    }

    private static Ok<WorkersResponse> Get(WorkerPool pool) => TypedResults.Ok(Of(pool.Snapshot()));

    private static Results<Ok<WorkersResponse>, Problem> Resize(JsonBody<ResizeWorkersRequest> body, WorkerPool pool)
    {
        // The validator has looked at the bounds, but somebody else may have moved the other one since.
        return pool.TryResize(body.Value.MinWorkers, body.Value.MaxWorkers)
            ? TypedResults.Ok(Of(pool.Snapshot()))
            : Problems.InvalidRequest(new PayloadError(string.Empty, "minWorkers would exceed maxWorkers."));
    }

    private static WorkersResponse Of(PoolSnapshot pool) => new()
    {
        MinWorkers = pool.MinWorkers,
        MaxWorkers = pool.MaxWorkers,
        Size = pool.Size,
        Busy = pool.Busy,
        AbandonedHandlers = pool.AbandonedHandlers,
        Workers = [.. pool.Workers.Select(worker => new WorkerResponse(worker.Name, worker.StartedAt, worker.JobId, worker.JobType, worker.BusySince))],
        Decisions = [.. pool.Decisions.Select(decision => new ScalingDecisionResponse(decision.At, decision.From, decision.To, decision.Reason))],
    };
}
