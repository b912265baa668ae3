using JobApi.Engine.Submission;
using JobApi.Requests;
using static JobApi.OpenApi.ParameterDoc;
using static JobApi.Refusals.ProblemType;

namespace JobApi.OpenApi;

/// <summary>What the API description says about doing something to many jobs at once.</summary>
internal static class BulkDocs
{
    public static OperationDoc Submit { get; } = new("SubmitJobs", "Submit many jobs",
        $"Up to {BulkDraft.MaxJobs} jobs as a JSON array, or one a line as `{JsonMedia.Lines}`, stored with one commit. Every job has its own answer, in order, the one it would have had alone: "
        + "a job that is refused harms no other. With `atomic=true` all are stored or none. An `Idempotency-Key` stands for the whole: the same key with the same body gives the same jobs; "
        + "under a key the jobs that nothing is wrong with are stored together, so a full backlog refuses all of them.")
    {
        Parameters =
        [
            Query(BulkBody.AtomicQuery, "Whether all jobs are stored or none; default false.", Flag()),
            Header(IdempotencyKeyHeader.Name, "A key of your own for the whole bulk, 1 to 255 visible characters, quoted or bare.", "\"orders-2030-01-31\""),
            Header("traceparent", "W3C trace context; the jobs' own traces continue it.", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        ],
        Answers = new Dictionary<int, string>
        {
            [202] = "With `atomic=true`: all jobs are stored.",
            [207] = "Each job has its own answer; see `refused`.",
        },
        Headers =
        [
            new("Idempotency-Replayed", "`true` when this key was used before: these are the jobs of that time.", 202, 207),
            new("Retry-After", "Seconds after which it is worth sending the jobs again that there was no room for.", 207),
        ],
        Problems = [MalformedJson, InvalidRequest, ForeignOrigin, JobGone, BodyTooLarge, UnsupportedMediaType, IdempotencyKeyReused, BulkRefused, NotAccepted],
    };

    private const string SweepWords =
        " The body has the filters of the list (`q` among them), and at least one. One call acts on about 1,000 jobs, on fewer when their payloads and results are large, and looks at 200,000 at most, newest first; while `more` is true, send `nextPageToken` as "
        + "`pageToken` to go on. What one call has done is done, whatever becomes of the next: a store that has no more room halfway ends the call, and refuses the next one.";

    public static OperationDoc Cancel { get; } = new("CancelJobs", "Cancel many jobs",
        "Cancels what has not started and asks what runs to stop." + SweepWords)
    {
        Answers = new Dictionary<int, string> { [200] = "How many jobs were canceled (`changed`) and how many were asked to stop (`requested`)." },
        Problems = SweepProblems,
    };

    public static OperationDoc Retry { get; } = new("RetryJobs", "Retry many jobs",
        "Queues failed and canceled jobs once more, each with its whole budget." + SweepWords)
    {
        Answers = new Dictionary<int, string> { [200] = "How many jobs are queued again (`changed`)." },
        Problems = SweepProblems,
    };

    public static OperationDoc Delete { get; } = new("DeleteJobs", "Delete many jobs",
        "Deletes jobs that have ended; it never cancels." + SweepWords)
    {
        Answers = new Dictionary<int, string> { [200] = "How many jobs were deleted (`changed`)." },
        Problems = SweepProblems,
    };

    private static Refusals.ProblemType[] SweepProblems => [MalformedJson, InvalidRequest, ForeignOrigin, BodyTooLarge, UnsupportedMediaType, NotAccepted];
}
