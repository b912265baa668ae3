using System.Text;
using JobApi.Contracts;
using JobApi.Metrics;
using JobApi.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JobApi.Endpoints;

/// <summary><c>/metrics</c>: the same figures for people and for scrapers.</summary>
internal static class MetricsEndpoints
{
    public static void MapMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/metrics", Reading.Methods, GetAsync).WithTags("Metrics").Describe(ServerDocs.GetMetrics);

    private static async Task<Results<Ok<MetricsResponse>, ContentHttpResult>> GetAsync(
        HttpContext http, MetricsReport report, CancellationToken cancellationToken)
    {
        http.Response.Headers.Vary = "Accept";
        http.Response.Headers.CacheControl = "no-store";

        var figures = await report.TakeAsync(cancellationToken);

        return MetricsFormats.For(http.Request) switch
        {
            MetricsFormat.Prometheus => TypedResults.Text(Exposition.Write(figures, openMetrics: false), MetricsFormats.PrometheusType, Encoding.UTF8),
            MetricsFormat.OpenMetrics => TypedResults.Text(Exposition.Write(figures, openMetrics: true), MetricsFormats.OpenMetricsType, Encoding.UTF8),
            _ => TypedResults.Ok(figures.ToResponse()),
        };
    }
}
