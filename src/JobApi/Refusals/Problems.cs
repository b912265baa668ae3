using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;

namespace JobApi.Refusals;

/// <summary>Every refusal by name: the one place that words them.</summary>
internal static class Problems
{
    public static Problem MalformedJson(PayloadError error) => MalformedJson([error]);

    public static Problem MalformedJson(IReadOnlyList<PayloadError> errors) =>
        new(ProblemType.MalformedJson, Summary(errors)) { Errors = Group(errors) };

    public static Problem InvalidRequest(params IReadOnlyList<PayloadError> errors) =>
        new(ProblemType.InvalidRequest, Summary(errors)) { Errors = Group(errors) };

    public static Problem InvalidJob(IReadOnlyList<PayloadError> errors) =>
        new(ProblemType.InvalidJob, Summary(errors)) { Errors = Group(errors) };

    public static Problem BadRequest(string detail) => new(ProblemType.BadRequest, detail);

    public static Problem ForeignOrigin(string origin) =>
        new(ProblemType.ForeignOrigin, $"The request comes from {origin}. To allow that site, name it in JobApi:Http:AllowedOrigins.");

    public static Problem UnknownHost(string host) =>
        new(ProblemType.UnknownHost, $"The request is for '{host}'. To answer to that name, add it to AllowedHosts.");

    public static Problem NotFound(string path) => new(ProblemType.NotFound, $"Nothing answers at {path}. GET /swagger shows what does.");

    public static Problem MethodNotAllowed(string method, string allowed) =>
        new(ProblemType.MethodNotAllowed, $"{method} is not possible here; the Allow header lists what is: {allowed}.");

    public static Problem RequestTimeout() => new(ProblemType.RequestTimeout, "The body did not arrive in time. Send it again.");

    public static Problem JobNotFound(Guid id) => new(ProblemType.JobNotFound, $"There is no job {id}.");

    public static Problem JobGone(Guid id) => new(ProblemType.JobGone, $"Job {id} has been deleted, by a caller or because it was kept long enough.");

    public static Problem KeyedJobGone() =>
        new(ProblemType.JobGone, "The job submitted under this Idempotency-Key has been deleted. Use a new key to submit another.");

    public static Problem JobTypeNotFound(string type) =>
        new(ProblemType.JobTypeNotFound, $"There is no job type '{Shown(type)}'. GET /job-types lists all.");

    public static Problem UnknownJobType(string type) =>
        new(ProblemType.UnknownJobType, $"There is no job type '{Shown(type)}'. GET /job-types lists all.")
        {
            Errors = Group([new PayloadError("/type", "This job type is not known here.")]),
        };

    public static Problem JobFailed(Job job) =>
        new(ProblemType.JobFailed, job.Error is { } error ? $"{error.Title} ({error.Type}): {error.Detail}" : $"Job {job.Id} failed.");

    public static Problem JobCanceled(Job job) =>
        new(ProblemType.JobCanceled, job.CancelReason is { } reason ? $"Job {job.Id} was canceled: {reason}" : $"Job {job.Id} was canceled.");

    public static Problem JobFinished(Job job) => new(ProblemType.JobFinished, $"Job {job.Id} is {job.State.Word()}: there is nothing left to cancel.");

    public static Problem JobNotFinished(Job job) =>
        new(ProblemType.JobNotFinished, $"Job {job.Id} is {job.State.Word()}. Cancel it or wait for its end, then delete it.");

    public static Problem JobNotRetryable(Job job) => new(ProblemType.JobNotRetryable, $"Job {job.Id} is {job.State.Word()}.");

    public static Problem JobStarted(Job job) =>
        new(ProblemType.JobStarted, $"Job {job.Id} is {job.State.Word()}, and only what has not started can be changed.");

    public static Problem UniqueKeyHeld(Job holder) =>
        new(ProblemType.UniqueKeyHeld, $"Job {holder.Id} holds this key and is {holder.State.Word()}. Wait for its end, or ask for it with onConflict: return.");

    public static Problem UniqueKeyTaken(Job job) =>
        new(ProblemType.UniqueKeyHeld, $"Another job was submitted under the unique key of job {job.Id} meanwhile, and has not ended.");

    public static Problem OtherVersion(Job job) =>
        new(ProblemType.OtherVersion, $"Job {job.Id} is at version {job.Version}, which If-Match does not name. Look at it again, then decide.");

    public static Problem IdempotencyKeyReused() =>
        new(ProblemType.IdempotencyKeyReused, "This Idempotency-Key came with another body before. Use a new key for a new job.");

    /// <param name="refused">Which jobs, by place, and why. The first hundred are named.</param>
    public static Problem BulkRefused(IReadOnlyCollection<(int Place, Problem Why)> refused)
    {
        var errors = refused.Take(100).SelectMany(one => one.Why.Errors is { } places
            ? places.SelectMany(place => place.Value.Select(message => new PayloadError($"/{one.Place}{place.Key}", message)))
            : [new PayloadError($"/{one.Place}", one.Why.Detail)]);

        return new(ProblemType.BulkRefused, $"Nothing was stored, because {refused.Count} of the jobs cannot be accepted; see errors.") { Errors = Group([.. errors]) };
    }

    public static Problem NotAccepted(string why, TimeSpan retryAfter) =>
        new(ProblemType.NotAccepted, why) { RetryAfter = retryAfter, Outcome = "not_accepted" };

    public static Problem QueueNotFound(string name) =>
        new(ProblemType.QueueNotFound, $"Queue '{name}' has no jobs that have not ended, is not paused and has no limit.");

    public static Problem FileNotFound(Guid id) => new(ProblemType.FileNotFound, $"There is no file {id}.");

    public static Problem FileInUse(Guid id) => new(ProblemType.FileInUse, $"A stored job names file {id}. Delete the job first.");

    public static Problem BackupRunning() => new(ProblemType.BackupRunning, "One is made at a time. Ask again when it is done.") { RetryAfter = TimeSpan.FromSeconds(10) };

    public static Problem BackupFailed(string why) => new(ProblemType.BackupFailed, why) { RetryAfter = TimeSpan.FromMinutes(1) };

    public static Problem BackupNotPossible() =>
        new(ProblemType.BackupNotPossible, "Jobs are kept in memory here. A server that keeps them in a file (JobApi:Store=sqlite) can be backed up.");

    public static Problem PreconditionFailed() =>
        new(ProblemType.PreconditionFailed, "The file is not one that If-Match names, or was stored after If-Unmodified-Since; the ETag and Last-Modified headers say what it is.");

    public static Problem RangeNotSatisfiable() => new(ProblemType.RangeNotSatisfiable, "The Content-Range header says how long the file is.");

    public static Problem BodyTooLarge(long maxBytes) =>
        new(ProblemType.BodyTooLarge, $"At most {maxBytes} bytes are taken. Send what is large to /files and name it by its id.");

    public static Problem UnsupportedMediaType(string detail) => new(ProblemType.UnsupportedMediaType, detail);

    public static Problem NotReady(string because) => new(ProblemType.NotReady, because) { RetryAfter = TimeSpan.FromSeconds(1) };

    public static Problem NotLive(IReadOnlyList<string> stuck) => new(ProblemType.NotLive, $"These are stuck: {string.Join(", ", stuck)}.");

    public static Problem InternalError() =>
        new(ProblemType.InternalError, "This is a fault of the server; its log tells more under the trace id. Whether the request took effect is unknown.");

    private static string Summary(IReadOnlyList<PayloadError> errors) => errors switch
    {
        [{ Location: "" } only] => only.Message,
        [var only] => $"{only.Location}: {only.Message}",
        _ => $"{errors.Count} things are wrong; see errors.",
    };

    private static Dictionary<string, IReadOnlyList<string>> Group(IReadOnlyList<PayloadError> errors) => errors
        .GroupBy(error => error.Location, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, IReadOnlyList<string> (group) => [.. group.Select(error => error.Message)], StringComparer.Ordinal);

    private static string Shown(string text) => text.Length > 64 ? text[..64] + "…" : text;
}
