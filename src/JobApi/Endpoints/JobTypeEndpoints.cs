using JobApi.Contracts;
using JobApi.OpenApi;
using JobApi.Refusals;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JobApi.Endpoints;

/// <summary><c>/job-types</c>: what this server can do.</summary>
internal static class JobTypeEndpoints
{
    public static void MapJobTypes(this IEndpointRouteBuilder routes)
    {
        var types = routes.MapGroup("/job-types").WithTags("Job types");

        types.MapMethods("/", Reading.Methods, List).Describe(ServerDocs.ListJobTypes);
        types.MapMethods("/{type}", Reading.Methods, Get).Describe(ServerDocs.GetJobType);
    }

    private static Ok<JobTypeListResponse> List(JobTypeCatalog catalog) => TypedResults.Ok(new JobTypeListResponse(catalog.All()));

    private static Results<Ok<JobTypeResponse>, Problem> Get(string type, JobTypeCatalog catalog) =>
        catalog.Find(type) is { } found ? TypedResults.Ok(found) : Problems.JobTypeNotFound(type);
}
