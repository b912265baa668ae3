namespace JobApi.Refusals;

/// <summary>A kind of refusal. <c>docs/problems.md</c> explains each one, and a test compares the two.</summary>
/// <param name="Word">The stable end of its URN.</param>
/// <param name="Status">The HTTP status it is answered with.</param>
/// <param name="Title">The kind in words, the same every time.</param>
internal sealed record ProblemType(string Word, int Status, string Title)
{
    public string Urn => "urn:jobapi:problem:" + Word;

    public static readonly ProblemType MalformedJson = new("malformed-json", 400, "The body is not the JSON this request needs");
    public static readonly ProblemType InvalidRequest = new("invalid-request", 400, "The request breaks a rule");
    public static readonly ProblemType BadRequest = new("bad-request", 400, "The request cannot be understood");
    public static readonly ProblemType ForeignOrigin = new("foreign-origin", 403, "Another site's page may not write here");
    public static readonly ProblemType NotFound = new("not-found", 404, "There is nothing at this address");
    public static readonly ProblemType JobNotFound = new("job-not-found", 404, "There is no such job");
    public static readonly ProblemType JobTypeNotFound = new("job-type-not-found", 404, "There is no such job type");
    public static readonly ProblemType QueueNotFound = new("queue-not-found", 404, "There is no such queue");
    public static readonly ProblemType FileNotFound = new("file-not-found", 404, "There is no such file");
    public static readonly ProblemType MethodNotAllowed = new("method-not-allowed", 405, "This address does not take this method");
    public static readonly ProblemType RequestTimeout = new("request-timeout", 408, "The request arrived too slowly");
    public static readonly ProblemType JobFailed = new("job-failed", 409, "The job failed and has no result");
    public static readonly ProblemType JobCanceled = new("job-canceled", 409, "The job was canceled and has no result");
    public static readonly ProblemType JobFinished = new("job-finished", 409, "The job has already ended");
    public static readonly ProblemType JobNotFinished = new("job-not-finished", 409, "The job has not ended yet");
    public static readonly ProblemType JobNotRetryable = new("job-not-retryable", 409, "Only failed and canceled jobs can be retried");
    public static readonly ProblemType JobStarted = new("job-started", 409, "The job has already started");
    public static readonly ProblemType UniqueKeyHeld = new("unique-key-held", 409, "Another job holds the unique key");
    public static readonly ProblemType FileInUse = new("file-in-use", 409, "A job still names this file");
    public static readonly ProblemType BackupRunning = new("backup-running", 409, "A backup is being made");
    public static readonly ProblemType JobGone = new("job-gone", 410, "The job has been deleted");
    public static readonly ProblemType OtherVersion = new("other-version", 412, "The job has changed meanwhile");
    public static readonly ProblemType PreconditionFailed = new("precondition-failed", 412, "A condition of the request does not hold");
    public static readonly ProblemType BodyTooLarge = new("body-too-large", 413, "The body is too large");
    public static readonly ProblemType UnsupportedMediaType = new("unsupported-media-type", 415, "The body is in a form this request does not take");
    public static readonly ProblemType RangeNotSatisfiable = new("range-not-satisfiable", 416, "The file does not have these bytes");
    public static readonly ProblemType UnknownHost = new("unknown-host", 421, "This server does not answer to this host name");
    public static readonly ProblemType UnknownJobType = new("unknown-job-type", 422, "No such kind of job can be run here");
    public static readonly ProblemType InvalidJob = new("invalid-job", 422, "The job breaks a rule of its type");
    public static readonly ProblemType IdempotencyKeyReused = new("idempotency-key-reused", 422, "The idempotency key was used with another body");
    public static readonly ProblemType BulkRefused = new("bulk-refused", 422, "Some of the jobs were refused, so none was stored");
    public static readonly ProblemType InternalError = new("internal-error", 500, "The server failed");
    public static readonly ProblemType BackupNotPossible = new("backup-not-possible", 501, "This store cannot be backed up");
    public static readonly ProblemType BackupFailed = new("backup-failed", 503, "The backup was not made");
    public static readonly ProblemType NotAccepted = new("not-accepted", 503, "The request was not accepted");
    public static readonly ProblemType NotReady = new("not-ready", 503, "The server should get no traffic now");
    public static readonly ProblemType NotLive = new("not-live", 503, "The server does not work and should be restarted");

    /// <summary>Every kind there is.</summary>
    public static IReadOnlyList<ProblemType> All { get; } =
    [
        MalformedJson, InvalidRequest, BadRequest, ForeignOrigin, NotFound, JobNotFound, JobTypeNotFound, QueueNotFound, FileNotFound, MethodNotAllowed,
        RequestTimeout, JobFailed, JobCanceled, JobFinished, JobNotFinished, JobNotRetryable, JobStarted, UniqueKeyHeld, FileInUse, BackupRunning, JobGone, OtherVersion,
        PreconditionFailed, BodyTooLarge, UnsupportedMediaType, RangeNotSatisfiable, UnknownHost, UnknownJobType, InvalidJob, IdempotencyKeyReused, BulkRefused, InternalError,
        BackupNotPossible, BackupFailed, NotAccepted, NotReady, NotLive,
    ];
}
