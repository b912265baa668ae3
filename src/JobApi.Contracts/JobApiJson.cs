using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace JobApi.Contracts;

/// <summary>
/// How the records of this assembly travel: camelCase, no reflection, absent members left out, and read strictly (unknown
/// members, duplicate keys, other casing, missing or null required members are errors).
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Strict,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 64,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(AmendJobRequest))]
[JsonSerializable(typeof(AttemptListResponse))]
[JsonSerializable(typeof(BackupResponse))]
[JsonSerializable(typeof(BulkResponse))]
[JsonSerializable(typeof(CancelJobRequest))]
[JsonSerializable(typeof(CancelJobsRequest))]
[JsonSerializable(typeof(ChangeQueueRequest))]
[JsonSerializable(typeof(FileResponse))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(JobActionResponse))]
[JsonSerializable(typeof(JobFilterRequest))]
[JsonSerializable(typeof(JobListResponse))]
[JsonSerializable(typeof(JobResponse))]
[JsonSerializable(typeof(JobTypeListResponse))]
[JsonSerializable(typeof(JobTypeResponse))]
[JsonSerializable(typeof(LogListResponse))]
[JsonSerializable(typeof(MetricsResponse))]
[JsonSerializable(typeof(ProblemResponse))]
[JsonSerializable(typeof(QueueListResponse))]
[JsonSerializable(typeof(QueueResponse))]
[JsonSerializable(typeof(RawJson))]
[JsonSerializable(typeof(ResizeWorkersRequest))]
[JsonSerializable(typeof(SubmitJobRequest))]
[JsonSerializable(typeof(WorkersResponse))]
public sealed partial class JobApiJson : JsonSerializerContext
{
    /// <summary>
    /// The context to use on the wire: its strings keep quotes, umlauts and angle brackets readable. That is safe where the media
    /// type says JSON; do not paste its output into HTML.
    /// </summary>
    public static JobApiJson Wire => Readable.Context;

    /// <summary>A class of its own, because the generated part of this one has to be initialised first.</summary>
    private static class Readable
    {
        public static readonly JobApiJson Context = new(
            new JsonSerializerOptions(((JsonSerializerContext)Default).Options)
            {
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                Converters = { new JobResponseConverter() },
            });
    }
}
