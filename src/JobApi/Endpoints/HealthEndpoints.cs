using JobApi.Contracts;
using JobApi.Engine.Diagnostics;
using JobApi.OpenApi;
using JobApi.Refusals;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JobApi.Endpoints;

/// <summary><c>/health</c>: for whoever restarts the server and whoever sends it traffic.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Health");

        health.MapMethods("/live", Reading.Methods, Live).Describe(ServerDocs.GetLive);
        health.MapMethods("/ready", Reading.Methods, Ready).Describe(ServerDocs.GetReady);
    }

    private static Results<Ok<HealthResponse>, Problem> Live(EngineHealth health) =>
        health.StuckLoops() is { Count: > 0 } stuck ? Problems.NotLive(stuck) : TypedResults.Ok(new HealthResponse("live"));

    private static Results<Ok<HealthResponse>, Problem> Ready(EngineHealth health, DiskSpace disks) =>
        (health.NotReadyBecause ?? disks.ShortBecause) is { } reason ? Problems.NotReady(reason) : TypedResults.Ok(new HealthResponse("ready"));
}
