using JobApi.Engine.Storage;
using JobApi.Engine.Storage.Searching;
using JobApi.Requests;
using Microsoft.OpenApi;
using static JobApi.OpenApi.ParameterDoc;
using static JobApi.Refusals.ProblemType;

namespace JobApi.OpenApi;

/// <summary>What the API description says about <c>/jobs</c>.</summary>
internal static class JobDocs
{
    private static readonly ParameterDoc WaitQuery = Query(
        "wait", $"Seconds to wait for the job's end; more than {WaitPreference.MaxSeconds} counts as {WaitPreference.MaxSeconds}.", Number(0, WaitPreference.MaxSeconds));

    private static readonly ParameterDoc Prefer = Header("Prefer", "`wait=SECONDS` (RFC 7240): the same as `?wait=`, answered with `Preference-Applied`.", "wait=5");
    private static readonly HeaderDoc PreferenceApplied = new("Preference-Applied", "The wait that was granted, when it was asked for with `Prefer`.", 200, 202);
    private static readonly HeaderDoc Later = new("Retry-After", "Seconds after which it is worth asking again; only while the job has not ended.", 202);
    private static readonly HeaderDoc Location = new("Location", "The job.", 202);

    public static OperationDoc Submit { get; } = new("SubmitJob", "Submit a job",
        "Stores a job and answers at once; a worker runs it as soon as one is free. The payload is checked against its type first, so a job that is accepted can run. "
        + "With `Prefer: wait=5` the answer comes when the job has ended, at the latest after 5 seconds. Send an `Idempotency-Key` to make repeating a lost request safe.")
    {
        Parameters =
        [
            Header(IdempotencyKeyHeader.Name, "A key of your own, 1 to 255 visible characters, quoted or bare. The same key with the same body gives the same job.", "\"order-4711\""),
            Prefer,
            WaitQuery,
            Header("traceparent", "W3C trace context; the job's own trace continues it.", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        ],
        Answers = new Dictionary<int, string>
        {
            [202] = "Accepted: the job is stored as durably as its `durability` says.",
            [200] = "The job has ended, while you waited or, for a repeated key, before.",
        },
        Headers =
        [
            Location, new("Location", "The job.", 200), Later, PreferenceApplied,
            new("Idempotency-Replayed", "`true` when this key was used before: this is the job of that time.", 200, 202),
            new("Unique-Existing", "`true` when nothing was stored: this job holds the unique key, and `onConflict` is `return`.", 200, 202),
        ],
        Problems = [MalformedJson, InvalidRequest, ForeignOrigin, UniqueKeyHeld, JobGone, BodyTooLarge, UnsupportedMediaType, UnknownJobType, InvalidJob, IdempotencyKeyReused, NotAccepted],
    };

    public static OperationDoc List { get; } = new("ListJobs", "List jobs",
        "Newest first, page by page. Filters that are given must all hold. One call looks at 10,000 jobs at most, and a page ends with the job by which its payloads and results come to "
        + $"{JobQuery.MaxBytes >> 20} MiB, so a short page can have a `nextPageToken`.")
    {
        Parameters =
        [
            Query("state", "One or more of the states, as a comma list or repeated.", new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                MaxItems = Words.States.Count,
                Items = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. Words.States] },
            }),
            Query("type", "Exactly this kind of job."),
            Query("queue", "Exactly this queue."),
            Query("tag.NAME", "Exactly this value of the tag NAME; may be given for several tags. Write the tag's own name in place of NAME."),
            Query("createdAfter", "Submitted at or after this instant.", Instant()),
            Query("createdBefore", "Submitted before this instant.", Instant()),
            Query("q", SearchWordsDoc, Text("\"connection refused\" acme*", SearchQuery.MaxLength)),
            Query("pageSize", $"At most so many; default {JobListQuery.DefaultPageSize}.", Integer(1, JobListQuery.MaxPageSize)),
            Query("pageToken", "The `nextPageToken` of the page before, with the same filters."),
        ],
        Answers = new Dictionary<int, string> { [200] = "A page." },
        Problems = [InvalidRequest],
    };

    private const string SearchWordsDoc =
        "Words that all occur in the payload (its first 16 KiB), the tags or the error; large and small letters and accents are the same. Words in double quotes, or joined by signs as in "
        + "`alice@example.com`, stand side by side; `*` behind a word lets it go on. At most 256 characters and 16 words. A job is found once it is indexed, usually at once.";

    public static OperationDoc Get { get; } = new("GetJob", "Look up a job",
        "Always 200 for a known job, also for one that failed. With `wait` the answer comes when the job has ended; with `If-None-Match` as well, as soon as it has changed. "
        + "`waiting` says why a job does not run, at which place it stands (`position`) and when it is likely to start (`estimatedStartAt`); `Retry-After` grows with that.")
    {
        Parameters =
        [
            WaitQuery, Prefer, Header("If-None-Match", "The `ETag` you have: 304 while the job is still that version.", "\"3\""),
        ],
        Answers = new Dictionary<int, string> { [200] = "The job as it stands.", [304] = "The job is still the version you have." },
        Headers =
        [
            new("ETag", "The job's version; weak while the job has not ended, because the body then also shows what is not part of it.", 200, 304),
            new("Retry-After", "Seconds after which it is worth asking again; only while the job has not ended.", 200, 304),
            PreferenceApplied,
        ],
        Problems = [InvalidRequest, JobNotFound, JobGone],
    };

    public static OperationDoc Result { get; } = new("GetJobResult", "Read a job's result alone",
        "What the job returned, without anything around it.")
    {
        Answers = new Dictionary<int, string> { [200] = "The result, in the shape its type says.", [202] = "The job has not ended yet." },
        Headers = [Location, Later, new("ETag", "The job's version.", 200)],
        Problems = [JobNotFound, JobFailed, JobCanceled, JobGone],
    };

    public static OperationDoc Attempts { get; } = new("ListJobAttempts", "List a job's attempts",
        "Each ended attempt: who ran it, from when to when, and how it ended. The latest 100 are kept.")
    {
        Answers = new Dictionary<int, string> { [200] = "The attempts, oldest first." },
        Problems = [JobNotFound, JobGone],
    };

    public static OperationDoc Logs { get; } = new("ListJobLogs", "Read a job's log",
        "Lines the job wrote about itself, at most 1,000 a call. Send `nextAfter` as `after` to read on.")
    {
        Parameters = [Query("after", "Only lines with a higher number.", Integer(0, long.MaxValue))],
        Answers = new Dictionary<int, string> { [200] = "The lines, oldest first." },
        Problems = [InvalidRequest, JobNotFound, JobGone],
    };

    private static readonly ParameterDoc IfMatch = Header("If-Match", "Only while the job is still this version: the `ETag` as it was given.", "\"3\"");

    public static OperationDoc Amend { get; } = new("AmendJob", "Change a job that has not started",
        "Sets `priority`, `runAt` and `tags`; what is absent stays. A tag that is `null` is taken away; nothing else can be, so `null` in its place is refused. "
        + "A job that has failed and waits for its next try has started.")
    {
        Parameters = [IfMatch],
        AlsoFrom = ["application/merge-patch+json"],
        Answers = new Dictionary<int, string> { [200] = "The job as it stands now." },
        Headers = [new("ETag", "The job's new version.", 200), new("Retry-After", "Seconds after which it is worth asking again.", 200)],
        Problems = [MalformedJson, InvalidRequest, ForeignOrigin, JobNotFound, JobStarted, OtherVersion, BodyTooLarge, UnsupportedMediaType, NotAccepted],
    };

    public static OperationDoc Cancel { get; } = new("CancelJob", "Cancel a job",
        "A job that has not started is canceled at once. A running one is asked to stop, and is canceled when it agrees or its grace ends. Repeating it changes nothing.")
    {
        Parameters = [IfMatch],
        Answers = new Dictionary<int, string> { [200] = "The job is canceled.", [202] = "The job has been asked to stop; see `cancellation`." },
        Headers = [Location],
        Problems = [MalformedJson, InvalidRequest, ForeignOrigin, JobNotFound, JobFinished, OtherVersion, BodyTooLarge, UnsupportedMediaType, NotAccepted],
    };

    public static OperationDoc Retry { get; } = new("RetryJob", "Retry a job",
        "Queues a failed or canceled job once more: the same id, queue and priority, with its whole budget of attempts.")
    {
        Parameters = [IfMatch],
        Answers = new Dictionary<int, string> { [202] = "The job is queued again." },
        Headers = [Location, Later],
        Problems = [InvalidRequest, ForeignOrigin, JobNotFound, JobNotRetryable, UniqueKeyHeld, OtherVersion, NotAccepted],
    };

    public static OperationDoc Delete { get; } = new("DeleteJob", "Delete a job",
        "Only for a job that has ended; it never cancels. Files that no other job names follow later.")
    {
        Parameters = [IfMatch],
        Answers = new Dictionary<int, string> { [204] = "The job is deleted." },
        Problems = [InvalidRequest, ForeignOrigin, JobNotFound, JobNotFinished, OtherVersion, NotAccepted],
    };
}
