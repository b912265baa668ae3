using static JobApi.Tests.Contract.Call;
using static JobApi.Tests.Contract.ContractCases;
using static JobApi.Tests.Contract.Stage;

namespace JobApi.Tests.Contract;

/// <summary>The rows of <c>/jobs</c>: changing one job, or those that a filter finds.</summary>
internal static class ChangeCases
{
    public static IReadOnlyList<ContractCase> All { get; } =
    [
        new("POST /jobs/{id}/cancel", 200, "had not started", async on => Json("""{"reason":"why"}""") with { Id = await on.WaitingAsync() }),
        new("POST /jobs/{id}/cancel", 200, "was canceled before", async on => Of(await on.CanceledAsync())),
        new("POST /jobs/{id}/cancel", 202, "runs", async on => Of(await on.RunningAsync())),
        new("POST /jobs/{id}/cancel", 400, "malformed-json", async on => Json("[]") with { Id = await on.WaitingAsync() }),
        new("POST /jobs/{id}/cancel", 400, "invalid-request", async on => Of(await on.WaitingAsync()).With("If-Match", "3")),
        new("POST /jobs/{id}/cancel", 403, "foreign-origin", async on => Of(await on.WaitingAsync()).With("Origin", Evil)),
        new("POST /jobs/{id}/cancel", 404, "job-not-found", _ => Of(NoId)),
        new("POST /jobs/{id}/cancel", 409, "job-finished", async on => Of(await on.SucceededAsync())),
        new("POST /jobs/{id}/cancel", 412, "other-version", async on => Of(await on.WaitingAsync()).With("If-Match", "\"99\"")),
        new("POST /jobs/{id}/cancel", 413, "body-too-large", async on => Json(Large) with { Id = await on.WaitingAsync() }),
        new("POST /jobs/{id}/cancel", 415, "unsupported-media-type", async on => Text("why") with { Id = await on.WaitingAsync() }),
        new("POST /jobs/{id}/cancel", 503, "not-accepted", _ => Of(NoId)) { In = Situation.StoreFull },

        new("POST /jobs/{id}/retry", 202, "failed", async on => Of(await on.FailedAsync())),
        new("POST /jobs/{id}/retry", 202, "canceled", async on => Of(await on.CanceledAsync())),
        new("POST /jobs/{id}/retry", 400, "invalid-request", async on => Of(await on.FailedAsync()).With("If-Match", "3")),
        new("POST /jobs/{id}/retry", 403, "foreign-origin", async on => Of(await on.FailedAsync()).With("Origin", Evil)),
        new("POST /jobs/{id}/retry", 404, "job-not-found", _ => Of(NoId)),
        new("POST /jobs/{id}/retry", 409, "job-not-retryable", async on => Of(await on.SucceededAsync())),
        new("POST /jobs/{id}/retry", 409, "unique-key-held", async on =>
        {
            var unique = $$""","unique":{"key":"{{on.NewName()}}"}""";
            var id = await on.FailedAsync(unique);
            await on.WaitingAsync(unique);
            return Of(id);
        }),
        new("POST /jobs/{id}/retry", 412, "other-version", async on => Of(await on.FailedAsync()).With("If-Match", "\"99\"")),
        new("POST /jobs/{id}/retry", 503, "not-accepted", _ => Of(NoId)) { In = Situation.StoreFull },

        new("PATCH /jobs/{id}", 200, "waits", async on => Json("""{"priority":7,"tags":{"a":"b"}}""") with { Id = await on.WaitingAsync() }),
        new("PATCH /jobs/{id}", 400, "malformed-json", async on => Json("""{"queue":"other"}""") with { Id = await on.WaitingAsync() }),
        new("PATCH /jobs/{id}", 400, "invalid-request", async on => Json("{}") with { Id = await on.WaitingAsync() }),
        new("PATCH /jobs/{id}", 403, "foreign-origin", async on => (Json("""{"priority":7}""") with { Id = await on.WaitingAsync() }).With("Origin", Evil)),
        new("PATCH /jobs/{id}", 404, "job-not-found", _ => Json("""{"priority":7}""") with { Id = NoId }),
        new("PATCH /jobs/{id}", 409, "job-started", async on => Json("""{"priority":7}""") with { Id = await on.RunningAsync() }),
        new("PATCH /jobs/{id}", 412, "other-version", async on => (Json("""{"priority":7}""") with { Id = await on.WaitingAsync() }).With("If-Match", "\"99\"")),
        new("PATCH /jobs/{id}", 413, "body-too-large", async on => Json(Large) with { Id = await on.WaitingAsync() }),
        new("PATCH /jobs/{id}", 415, "unsupported-media-type", async on => Text("{}") with { Id = await on.WaitingAsync() }),
        new("PATCH /jobs/{id}", 503, "not-accepted", _ => Json("""{"priority":7}""") with { Id = NoId }) { In = Situation.StoreFull },

        new("DELETE /jobs/{id}", 204, "ended", async on => Of(await on.SucceededAsync())),
        new("DELETE /jobs/{id}", 400, "invalid-request", async on => Of(await on.SucceededAsync()).With("If-Match", "3")),
        new("DELETE /jobs/{id}", 403, "foreign-origin", async on => Of(await on.SucceededAsync()).With("Origin", Evil)),
        new("DELETE /jobs/{id}", 404, "job-not-found", _ => Of(NoId)),
        new("DELETE /jobs/{id}", 409, "job-not-finished", async on => Of(await on.RunningAsync())),
        new("DELETE /jobs/{id}", 412, "other-version", async on => Of(await on.SucceededAsync()).With("If-Match", "\"99\"")),
        new("DELETE /jobs/{id}", 503, "not-accepted", _ => Of(NoId)) { In = Situation.StoreFull },

        .. new[] { "cancel", "retry", "delete" }.SelectMany(Sweep),
    ];

    private static IEnumerable<ContractCase> Sweep(string action) =>
    [
        new($"POST /jobs/{action}", 200, "counts", async on =>
        {
            var tag = on.NewName();
            await on.WaitingAsync($$""","tags":{"sweep":"{{tag}}"}""");
            return Json("{\"tags\":{\"sweep\":\"" + tag + "\"}}");
        }),
        new($"POST /jobs/{action}", 400, "malformed-json", _ => Json("""{"colour":"red"}""")),
        new($"POST /jobs/{action}", 400, "invalid-request", _ => Json("{}")),
        new($"POST /jobs/{action}", 403, "foreign-origin", _ => Json("""{"type":"none"}""").With("Origin", Evil)),
        new($"POST /jobs/{action}", 413, "body-too-large", _ => Json(Large)),
        new($"POST /jobs/{action}", 415, "unsupported-media-type", _ => Text("{}")),
        new($"POST /jobs/{action}", 503, "not-accepted", async on =>
        {
            await (action switch { "cancel" => on.WaitingAsync(), "retry" => on.FailedAsync(), _ => on.SucceededAsync() });
            return Json("""{"queue":"default"}""");
        }) { In = Situation.StoreFull },
    ];
}
