using static JobApi.OpenApi.ParameterDoc;
using static JobApi.Refusals.ProblemType;

namespace JobApi.OpenApi;

/// <summary>What the API description says about everything but <c>/jobs</c>.</summary>
internal static class ServerDocs
{
    public static OperationDoc PutFile { get; } = new("PutFile", "Store a file", UploadWords)
    {
        Parameters = UploadParameters,
        Answers = new Dictionary<int, string> { [201] = "Stored." },
        Headers = [new("Location", "The file.", 201)],
        Problems = [InvalidRequest, ForeignOrigin, BodyTooLarge, UnsupportedMediaType, NotAccepted],
        Binary = "application/octet-stream",
    };

    public static OperationDoc PostFile { get; } = PutFile with { Id = "PostFile" };

    public static OperationDoc GetFile { get; } = new("GetFile", "Download a file",
        "The content, as an attachment. Ranges are served; the entity tag is the SHA-256 of the content.")
    {
        Parameters =
        [
            Header("Range", "The bytes wanted (RFC 9110).", "bytes=0-1023"),
            Header("If-None-Match", "The `ETag` you have."),
            Header("If-Match", "Only the content of this `ETag`."),
            Header("If-Unmodified-Since", "Only if it was stored by then.", "Fri, 31 Jan 2031 09:30:00 GMT"),
        ],
        Answers = new Dictionary<int, string> { [200] = "The content.", [206] = "The bytes asked for.", [304] = "The content is the one you have." },
        Headers = [new("ETag", "SHA-256 of the content.", 200, 206, 304), new("Content-Range", "Which bytes these are.", 206)],
        Problems = [FileNotFound, PreconditionFailed, RangeNotSatisfiable],
        Binary = "application/octet-stream",
    };

    public static OperationDoc HeadFile { get; } = GetFile with { Id = "HeadFile", Summary = "Look up a file", Description = "The headers of a download without the content." };

    public static OperationDoc DeleteFile { get; } = new("DeleteFile", "Delete a file", "Refused while a stored job names it.")
    {
        Answers = new Dictionary<int, string> { [204] = "The file is deleted." },
        Problems = [ForeignOrigin, FileNotFound, FileInUse],
    };

    public static OperationDoc ListJobTypes { get; } = new("ListJobTypes", "List the kinds of jobs",
        "Every kind of job this server runs, with the JSON Schemas of payload and result and an example that works.")
    {
        Answers = new Dictionary<int, string> { [200] = "All kinds, by name." },
    };

    public static OperationDoc GetJobType { get; } = new("GetJobType", "Look up a kind of job", "One kind of job, with its schemas, defaults and limits.")
    {
        Answers = new Dictionary<int, string> { [200] = "The kind." },
        Problems = [JobTypeNotFound],
    };

    public static OperationDoc GetWorkers { get; } = new("GetWorkers", "Show the worker pool",
        "Every worker and what it runs, and why the pool last changed its size.")
    {
        Answers = new Dictionary<int, string> { [200] = "The pool as it is now." },
    };

    public static OperationDoc ResizeWorkers { get; } = new("ResizeWorkers", "Resize the worker pool",
        "Changes the bounds at once, until the next start. Equal bounds make a fixed pool. A worker that goes first finishes its job.")
    {
        Answers = new Dictionary<int, string> { [200] = "The pool with its new bounds." },
        Problems = [MalformedJson, InvalidRequest, ForeignOrigin, BodyTooLarge, UnsupportedMediaType],
    };

    public static OperationDoc GetMetrics { get; } = new("GetMetrics", "Read the metrics",
        "JSON unless `Accept` prefers `text/plain` (Prometheus) or `application/openmetrics-text` (OpenMetrics). Everything is counted since the server started.")
    {
        AlsoAs = ["text/plain", "application/openmetrics-text"],
        Answers = new Dictionary<int, string> { [200] = "The figures now." },
    };

    public static OperationDoc MakeBackup { get; } = new("MakeBackup", "Make a backup",
        "Copies the data file as of one moment, and the files that its jobs name, into the server's backup folder, while jobs go on. Every job that was "
        + "acknowledged before is in it. The server is started with `--restore` and the name to go on from it.")
    {
        Answers = new Dictionary<int, string> { [201] = "The backup is complete and on the disk." },
        Problems = [ForeignOrigin, BackupRunning, BackupNotPossible, BackupFailed],
    };

    public static OperationDoc GetLive { get; } = new("GetLive", "Is the server alive?", "Fails when a loop inside has stopped and only a restart helps.")
    {
        Answers = new Dictionary<int, string> { [200] = "It is." },
        Problems = [NotLive],
    };

    public static OperationDoc GetReady { get; } = new("GetReady", "Should the server get traffic?", "Fails while the server starts or stops and while a disk is short of room.")
    {
        Answers = new Dictionary<int, string> { [200] = "It should." },
        Problems = [NotReady],
    };

    private const string UploadWords =
        "The body is the file itself, not a form: `curl -T photo.jpg`. It is stored as it comes, and a payload names it by the `id` of the answer. "
        + "A file that no job names is deleted after 24 hours.";

    private static ParameterDoc[] UploadParameters =>
    [
        Query("name", "A name for people, at most 255 characters; a path is cut to its last part."),
        Header("Content-Disposition", "Another way to give the name.", "attachment; filename=\"photo.jpg\""),
    ];
}
