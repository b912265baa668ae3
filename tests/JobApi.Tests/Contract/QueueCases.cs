using static JobApi.Tests.Contract.Call;
using static JobApi.Tests.Contract.ContractCases;

namespace JobApi.Tests.Contract;

/// <summary>The rows of <c>/queues</c>.</summary>
internal static class QueueCases
{
    public static IReadOnlyList<ContractCase> All { get; } =
    [
        new("GET /queues", 200, "all", _ => Nothing),
        new("GET /queues", 400, "invalid-request", _ => Nothing.Asking("after=NO")),

        new("GET /queues/{name}", 200, "has a job", async on => Of(await UsedAsync(on))),
        new("GET /queues/{name}", 400, "invalid-request", _ => Of("NO")),
        new("GET /queues/{name}", 404, "queue-not-found", _ => Of("nobody")),

        new("PATCH /queues/{name}", 200, "a limit", on => Json("""{"concurrencyLimit":5}""") with { Id = on.NewName() }),
        new("PATCH /queues/{name}", 200, "no limit", on => Json("""{"concurrencyLimit":null,"paused":false}""") with { Id = on.NewName() }),
        new("PATCH /queues/{name}", 400, "malformed-json", on => Json("""{"concurrencyLimit":"5"}""") with { Id = on.NewName() }),
        new("PATCH /queues/{name}", 400, "invalid-request", on => Json("{}") with { Id = on.NewName() }),
        new("PATCH /queues/{name}", 403, "foreign-origin", on => (Json("""{"paused":true}""") with { Id = on.NewName() }).With("Origin", Evil)),
        new("PATCH /queues/{name}", 413, "body-too-large", on => Json(Large) with { Id = on.NewName() }),
        new("PATCH /queues/{name}", 415, "unsupported-media-type", on => Text("{}") with { Id = on.NewName() }),
        new("PATCH /queues/{name}", 503, "not-accepted", on => Json("""{"paused":true}""") with { Id = on.NewName() }) { In = Situation.StoreFull },

        .. new[] { "pause", "resume" }.SelectMany(Switch),
    ];

    private static IEnumerable<ContractCase> Switch(string verb) =>
    [
        new($"POST /queues/{{name}}/{verb}", 200, "unheard of", on => Of(on.NewName())),
        new($"POST /queues/{{name}}/{verb}", 200, "has a job", async on => Of(await UsedAsync(on))),
        new($"POST /queues/{{name}}/{verb}", 400, "invalid-request", _ => Of("NO")),
        new($"POST /queues/{{name}}/{verb}", 403, "foreign-origin", on => Of(on.NewName()).With("Origin", Evil)),
        new($"POST /queues/{{name}}/{verb}", 503, "not-accepted", on => Of(on.NewName())) { In = Situation.StoreFull },
    ];

    private static async Task<string> UsedAsync(Stage on)
    {
        var queue = on.NewName();
        await on.WaitingAsync($$""","queue":"{{queue}}" """);

        return queue;
    }
}
