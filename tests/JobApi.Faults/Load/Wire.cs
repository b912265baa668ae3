using System.Globalization;
using System.Text.Json;
using JobApi.Faults.Checking;

namespace JobApi.Faults.Load;

/// <summary>Reads jobs and attempts from answers.</summary>
internal static class Wire
{
    public static Guid IdOf(JsonElement job) => job.GetProperty("id").GetGuid();

    public static Sighting Sighting(Guid id, DateTimeOffset sentAt, Reply reply) => reply.Status == 200
        ? new Sighting(id, sentAt, 200, reply.Text("state"), reply.Body.GetProperty("done").GetBoolean(), Number(reply.Body, "attempt"), Time(reply.Body, "finishedAt"))
        : new Sighting(id, sentAt, reply.Status ?? 0, null, false, 0, null);

    public static StoredJob Job(JsonElement job) => new()
    {
        Id = IdOf(job),
        Token = job.GetProperty("tags").TryGetProperty(JobPlan.TokenTag, out var token) ? token.GetString() : null,
        State = job.GetProperty("state").GetString()!,
        Done = job.GetProperty("done").GetBoolean(),
        Attempt = Number(job, "attempt"),
        Failures = Number(job, "failures"),
        MaxAttempts = Number(job, "maxAttempts"),
        Crashes = Number(job, "crashes"),
        FinishedAt = Time(job, "finishedAt"),
        ResultOf = ResultOf(job),
        Error = job.TryGetProperty("error", out var error) ? error.GetProperty("type").GetString() : null,
        Attempts = Only(job),
    };

    public static StoredAttempt Attempt(JsonElement attempt) => new(
        Number(attempt, "number"),
        attempt.GetProperty("startedAt").GetDateTimeOffset(),
        attempt.GetProperty("endedAt").GetDateTimeOffset(),
        attempt.GetProperty("outcome").GetString()!,
        attempt.TryGetProperty("waiting", out var waiting) ? waiting.GetString() : null,
        attempt.TryGetProperty("error", out var error) ? error.GetProperty("type").GetString() : null,
        attempt.TryGetProperty("worker", out var worker) ? worker.GetString() : null);

    /// <summary>A job that succeeded at once needs no second question: it says itself when its only attempt began and ended.</summary>
    private static IReadOnlyList<StoredAttempt> Only(JsonElement job) =>
        job.GetProperty("state").GetString() == "succeeded" && Number(job, "attempt") == 1 && Time(job, "startedAt") is { } started && Time(job, "finishedAt") is { } finished
            ? [new StoredAttempt(1, started, finished, "succeeded", null, null, null)]
            : [];

    /// <summary>The sink answers with the number of the call.</summary>
    private static long? ResultOf(JsonElement job) =>
        job.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.Object && result.TryGetProperty("body", out var body)
            && long.TryParse(body.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static DateTimeOffset? Time(JsonElement element, string name) => element.TryGetProperty(name, out var time) ? time.GetDateTimeOffset() : null;
}
