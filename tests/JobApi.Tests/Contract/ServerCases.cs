using static JobApi.Tests.Contract.Call;
using static JobApi.Tests.Contract.ContractCases;
using static JobApi.Tests.Contract.Stage;

namespace JobApi.Tests.Contract;

/// <summary>The rows of everything but <c>/jobs</c>.</summary>
internal static class ServerCases
{
    private static readonly Call Hello = new("hello"u8.ToArray(), "text/plain");

    public static IReadOnlyList<ContractCase> All { get; } =
    [
        .. new[] { "PUT", "POST" }.SelectMany(Upload),

        new("GET /files/{id}", 200, "whole", async on => Of(await on.FileAsync())),
        new("GET /files/{id}", 206, "a part", async on => Of(await on.FileAsync()).With("Range", "bytes=1-2")),
        new("GET /files/{id}", 304, "unchanged", async on => Of(await on.FileAsync()).With("If-None-Match", "*")),
        new("GET /files/{id}", 404, "file-not-found", _ => Of(NoId)),
        new("GET /files/{id}", 412, "precondition-failed", async on => Of(await on.FileAsync()).With("If-Match", "\"other\"")),
        new("GET /files/{id}", 416, "range-not-satisfiable", async on => Of(await on.FileAsync()).With("Range", "bytes=9-")),
        new("HEAD /files/{id}", 200, "whole", async on => Of(await on.FileAsync())),
        new("HEAD /files/{id}", 206, "a part", async on => Of(await on.FileAsync()).With("Range", "bytes=1-2")),
        new("HEAD /files/{id}", 304, "unchanged", async on => Of(await on.FileAsync()).With("If-None-Match", "*")),
        new("HEAD /files/{id}", 404, "file-not-found", _ => Of(NoId)),
        new("HEAD /files/{id}", 412, "precondition-failed", async on => Of(await on.FileAsync()).With("If-Match", "\"other\"")),
        new("HEAD /files/{id}", 416, "range-not-satisfiable", async on => Of(await on.FileAsync()).With("Range", "bytes=9-")),
        new("DELETE /files/{id}", 204, "unused", async on => Of(await on.FileAsync())),
        new("DELETE /files/{id}", 403, "foreign-origin", async on => Of(await on.FileAsync()).With("Origin", Evil)),
        new("DELETE /files/{id}", 404, "file-not-found", _ => Of(NoId)),
        new("DELETE /files/{id}", 409, "file-in-use", async on =>
        {
            var file = await on.FileAsync();
            await on.Api.SubmitAsync("file", $$"""{"file":"{{file}}"}""");
            return Of(file);
        }),

        new("GET /job-types", 200, "all", _ => Nothing),
        new("GET /job-types/{type}", 200, "one", _ => Of("echo")),
        new("GET /job-types/{type}", 404, "job-type-not-found", _ => Of("paint")),

        new("GET /workers", 200, "the pool", _ => Nothing),
        new("PATCH /workers", 200, "new bounds", _ => Json("""{"minWorkers":60}""")),
        new("PATCH /workers", 400, "malformed-json", _ => Json("""{"minWorkers":"4"}""")),
        new("PATCH /workers", 400, "invalid-request", _ => Json("""{"minWorkers":0}""")),
        new("PATCH /workers", 403, "foreign-origin", _ => Json("""{"minWorkers":60}""").With("Origin", Evil)),
        new("PATCH /workers", 413, "body-too-large", _ => Json(Large)),
        new("PATCH /workers", 415, "unsupported-media-type", _ => Text("{}")),

        new("GET /metrics", 200, "JSON", _ => Nothing),
        new("GET /metrics", 200, "Prometheus", _ => Nothing.With("Accept", "text/plain")),
        new("GET /metrics", 200, "OpenMetrics", _ => Nothing.With("Accept", "application/openmetrics-text")),

        new("GET /health/live", 200, "live", _ => Nothing),
        new("GET /health/live", 503, "not-live", _ => Nothing) { In = Situation.Unwell },
        new("GET /health/ready", 200, "ready", _ => Nothing),
        new("GET /health/ready", 503, "not-ready", _ => Nothing) { In = Situation.DiskShort },

        new("POST /admin/backup", 201, "made", _ => Nothing) { OnlyOn = "sqlite", IsRace = true },
        new("POST /admin/backup", 403, "foreign-origin", _ => Nothing.With("Origin", Evil)),
        new("POST /admin/backup", 409, "backup-running", on =>
        {
            // One is made at a time: of two that meet the second is refused. When the first was too quick, the next try finds another.
            _ = on.Api.PostAsync("/admin/backup");
            return Nothing;
        }) { OnlyOn = "sqlite", IsRace = true },
        new("POST /admin/backup", 501, "backup-not-possible", _ => Nothing) { OnlyOn = "memory" },
        new("POST /admin/backup", 503, "backup-failed", _ => Nothing) { OnlyOn = "sqlite", In = Situation.DiskShort },

        new("GET /swagger/index.html", 200, "the page", _ => Nothing),
        new("GET /swagger/v1/swagger.json", 200, "the description", _ => Nothing),
    ];

    private static IEnumerable<ContractCase> Upload(string method) =>
    [
        new($"{method} /files", 201, "stored", _ => Hello.Asking("name=hello.txt")),
        new($"{method} /files", 400, "invalid-request", _ => Hello.Asking("name=" + new string('a', 256))),
        new($"{method} /files", 403, "foreign-origin", _ => Hello.With("Origin", Evil)),
        new($"{method} /files", 413, "body-too-large", _ => Text(Large)),
        new($"{method} /files", 415, "unsupported-media-type", _ => Hello with { MediaType = "multipart/form-data; boundary=x" }),
        new($"{method} /files", 503, "not-accepted", _ => Hello) { In = Situation.DiskShort },
    ];
}
