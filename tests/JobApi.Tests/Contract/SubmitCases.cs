using static JobApi.Tests.Contract.Call;
using static JobApi.Tests.Contract.ContractCases;
using static JobApi.Tests.Contract.Stage;

namespace JobApi.Tests.Contract;

/// <summary>The rows of <c>/jobs</c>: submitting.</summary>
internal static class SubmitCases
{
    private const string Unique = """{"type":"echo","payload":{"text":"a"},"delaySeconds":3600,"unique":{"key":"KEY"}}""";

    private static string Lines => Soon + "\n" + Soon;

    public static IReadOnlyList<ContractCase> All { get; } =
    [
        new("POST /jobs", 202, "stored", _ => Json(Soon)),
        new("POST /jobs", 200, "ended while the caller waited", _ => Json(Soon).With("Prefer", "wait=30")),
        new("POST /jobs", 400, "malformed-json", _ => Json("""{"type":"echo","payload":""")),
        new("POST /jobs", 400, "invalid-request", _ => Json("""{"type":"echo","payload":{"text":"a"},"priority":101}""")),
        new("POST /jobs", 403, "foreign-origin", _ => Json(Soon).With("Origin", Evil)),
        new("POST /jobs", 409, "unique-key-held", async on =>
        {
            var body = Unique.Replace("KEY", on.NewName(), StringComparison.Ordinal);
            await on.Api.PostAsync("/jobs", body);
            return Json(body);
        }),
        new("POST /jobs", 410, "job-gone", async on => Json(Soon).With("Idempotency-Key", await on.KeyAsync(Soon, isDeleted: true))),
        new("POST /jobs", 413, "body-too-large", _ => Json(Large)),
        new("POST /jobs", 415, "unsupported-media-type", _ => Text(Soon)),
        new("POST /jobs", 422, "unknown-job-type", _ => Json("""{"type":"paint","payload":{}}""")),
        new("POST /jobs", 422, "invalid-job", _ => Json("""{"type":"echo","payload":{"text":7}}""")),
        new("POST /jobs", 422, "idempotency-key-reused", async on => Json(Later).With("Idempotency-Key", await on.KeyAsync(Soon))),
        new("POST /jobs", 503, "not-accepted", _ => Json(Soon)) { In = Situation.Full },

        new("POST /jobs/bulk", 207, "one answer a job", _ => Json($"[{Soon},7]")),
        new("POST /jobs/bulk", 202, "all or none", _ => new Call(System.Text.Encoding.UTF8.GetBytes(Lines), "application/x-ndjson").Asking("atomic=true")),
        new("POST /jobs/bulk", 400, "malformed-json", _ => Json("[")),
        new("POST /jobs/bulk", 400, "invalid-request", _ => Json("[]")),
        new("POST /jobs/bulk", 403, "foreign-origin", _ => Json($"[{Soon}]").With("Origin", Evil)),
        new("POST /jobs/bulk", 410, "job-gone", async on => Json($"[{Soon}]").With("Idempotency-Key", await on.KeyAsync($"[{Soon}]", "/jobs/bulk", isDeleted: true))),
        new("POST /jobs/bulk", 413, "body-too-large", _ => Json($"[{Large},{Large}]")),
        new("POST /jobs/bulk", 415, "unsupported-media-type", _ => Text(Lines)),
        new("POST /jobs/bulk", 422, "bulk-refused", _ => Json($"[{Soon},7]").Asking("atomic=true")),
        new("POST /jobs/bulk", 422, "idempotency-key-reused", async on => Json($"[{Later}]").With("Idempotency-Key", await on.KeyAsync($"[{Soon}]", "/jobs/bulk"))),
        new("POST /jobs/bulk", 503, "not-accepted", _ => Json($"[{Soon}]").Asking("atomic=true")) { In = Situation.Full },
    ];
}
