using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using JobApi.Contracts;

namespace JobApi.Tests.Contract;

/// <summary>A job is written by hand, member by member; the serializer, which knows the record, says what has to come out.</summary>
public sealed class JobResponseJsonTests
{
    private static readonly DateTimeOffset Time = new(2030, 1, 31, 10, 30, 0, 123, TimeSpan.FromHours(1));

    private static readonly JobApiJson Serializer = new(
        new JsonSerializerOptions(JobApiJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static readonly JobResponse Plain = new()
    {
        Id = Guid.Parse("019ab000-0000-7000-8000-000000000000"),
        Type = "square",
        State = "queued",
        Done = false,
        Queue = "default",
        Priority = -3,
        Payload = new RawJson("""{"number": 1.50}"""u8.ToArray()),
        Attempt = 1,
        Failures = 2,
        Crashes = 3,
        MaxAttempts = 4,
        CreatedAt = Time,
        RunAt = Time.AddTicks(7),
        Tags = new Dictionary<string, string>(),
        Durability = "fsync",
        Version = 5_000_000_000,
        Links = new JobLinks("/jobs/1", "/jobs/1/result", "/jobs/1/cancel"),
    };

    private static readonly JobResponse Whole = Plain with
    {
        FairnessKey = "\"é<&\"",
        ConcurrencyKey = "k\u0001",
        ConcurrencyLimit = 6,
        Result = new RawJson("[ ]"u8.ToArray()),
        Error = new JobErrorResponse("a", "b", "c", 1),
        Progress = new JobProgressResponse(12.5, "half", Time),
        Worker = "w1",
        StartedAt = Time.AddSeconds(1),
        FinishedAt = Time.AddSeconds(2),
        DurationMs = 0.1,
        CancelRequestedAt = Time.AddSeconds(3),
        CancelReason = "no",
        Cancellation = new CancellationResponse("client", "::1", "no", Time.AddSeconds(3), 1.5),
        ExpiresAt = Time.AddSeconds(4),
        Tags = new Dictionary<string, string> { ["größe"] = "\"5\"" },
        Waiting = new WaitingResponse("queue", "It waits.", 1, Time),
    };

    [Fact]
    public void A_job_with_every_member_is_written_as_the_serializer_would()
    {
        Assert.All(typeof(JobResponse).GetProperties(), member => Assert.NotNull(member.GetValue(Whole)));
        Assert.Equal(BySerializer(Whole), Written(Whole));
    }

    [Fact]
    public void A_job_with_the_required_members_is_written_as_the_serializer_would() => Assert.Equal(BySerializer(Plain), Written(Plain));

    [Fact]
    public void What_was_written_is_read_back()
    {
        var read = JsonSerializer.Deserialize(Written(Whole), JobApiJson.Wire.JobResponse)!;

        Assert.Equal(Written(Whole), Written(read));
    }

    private static string Written(JobResponse job) => Text(job, JobApiJson.Wire);

    private static string BySerializer(JobResponse job) => Text(job, Serializer);

    private static string Text(JobResponse job, JobApiJson json) => Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(job, json.JobResponse));
}
