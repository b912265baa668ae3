namespace JobApi.Tests.Contract;

/// <summary>
/// The wire contract's own table of methods, paths and statuses. The API description may declare more (a foreign origin, a body that is too large);
/// what stands here must never be missing from it, nor from the cases.
/// </summary>
internal static class ContractTable
{
    private const string Table = """
        POST   /jobs                      202 200 400 409 413 415 422 503
        POST   /jobs/bulk                 207 202 400 413 422 503
        GET    /jobs                      200 400
        GET    /jobs/{id}                 200 304 404 410
        GET    /jobs/{id}/result          200 202 404 409 410
        GET    /jobs/{id}/attempts        200 404 410
        GET    /jobs/{id}/logs            200 404 410
        POST   /jobs/{id}/cancel          200 202 404 409 412
        POST   /jobs/{id}/retry           202 404 409
        PATCH  /jobs/{id}                 200 404 409 412
        DELETE /jobs/{id}                 204 404 409
        POST   /jobs/cancel               200 400
        POST   /jobs/retry                200 400
        POST   /jobs/delete               200 400
        PUT    /files                     201 413 415 503
        POST   /files                     201 413 415 503
        GET    /files/{id}                200 206 304 404
        HEAD   /files/{id}                200 404
        DELETE /files/{id}                204 404
        GET    /queues                    200
        GET    /queues/{name}             200 404
        PATCH  /queues/{name}             200 400
        POST   /queues/{name}/pause       200
        POST   /queues/{name}/resume      200
        GET    /job-types                 200
        GET    /job-types/{type}          200 404
        GET    /workers                   200
        PATCH  /workers                   200 400
        GET    /metrics                   200
        GET    /health/live               200 503
        GET    /health/ready              200 503
        """;

    /// <summary>Such as <c>GET /jobs/{id} 404</c>.</summary>
    public static IReadOnlySet<string> Pairs { get; } = Table.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .SelectMany(row => row.Skip(2).Select(status => $"{row[0]} {row[1]} {status}"))
        .ToHashSet(StringComparer.Ordinal);
}
