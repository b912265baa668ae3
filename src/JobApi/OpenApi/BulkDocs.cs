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
}
