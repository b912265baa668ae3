using static JobApi.Tests.Contract.Call;
using static JobApi.Tests.Contract.Stage;

namespace JobApi.Tests.Contract;

/// <summary>The rows of <c>/jobs</c>: reading.</summary>
internal static class ReadCases
{
    public static IReadOnlyList<ContractCase> All { get; } =
    [
        new("GET /jobs", 200, "a page", _ => Nothing.Asking("state=queued,running&type=echo&queue=default&tag.a=b&createdAfter=2020-01-01T00:00:00Z&createdBefore=2999-01-01T00:00:00Z&q=hello&pageSize=200")),
        new("GET /jobs", 400, "invalid-request", _ => Nothing.Asking("pageSize=201")),

        new("GET /jobs/{id}", 200, "waits", async on => Of(await on.WaitingAsync())),
        new("GET /jobs/{id}", 200, "failed", async on => Of(await on.FailedAsync())),
        new("GET /jobs/{id}", 304, "unchanged", async on => Of(await on.WaitingAsync()).With("If-None-Match", "\"1\"")),
        new("GET /jobs/{id}", 400, "invalid-request", async on => Of(await on.WaitingAsync()).Asking("wait=soon")),
        new("GET /jobs/{id}", 404, "job-not-found", _ => Of(NoId)),
        new("GET /jobs/{id}", 410, "job-gone", async on => Of(await on.DeletedAsync())),

        new("GET /jobs/{id}/result", 200, "the result alone", async on => Of(await on.SucceededAsync())),
        new("GET /jobs/{id}/result", 202, "has not ended", async on => Of(await on.RunningAsync())),
        new("GET /jobs/{id}/result", 404, "job-not-found", _ => Of(NoId)),
        new("GET /jobs/{id}/result", 409, "job-failed", async on => Of(await on.FailedAsync())),
        new("GET /jobs/{id}/result", 409, "job-canceled", async on => Of(await on.CanceledAsync())),
        new("GET /jobs/{id}/result", 410, "job-gone", async on => Of(await on.DeletedAsync())),

        new("GET /jobs/{id}/attempts", 200, "one", async on => Of(await on.SucceededAsync())),
        new("GET /jobs/{id}/attempts", 404, "job-not-found", _ => Of(NoId)),
        new("GET /jobs/{id}/attempts", 410, "job-gone", async on => Of(await on.DeletedAsync())),

        new("GET /jobs/{id}/logs", 200, "lines", async on => Of(await on.SucceededAsync()).Asking("after=1")),
        new("GET /jobs/{id}/logs", 400, "invalid-request", async on => Of(await on.SucceededAsync()).Asking("after=-1")),
        new("GET /jobs/{id}/logs", 404, "job-not-found", _ => Of(NoId)),
        new("GET /jobs/{id}/logs", 410, "job-gone", async on => Of(await on.DeletedAsync())),
    ];
}
