using System.Buffers;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using JobApi.Contracts;
using JobApi.Engine.Lifecycle;

namespace JobApi.Benchmarks.Micro;

/// <summary>Writing the body of a finished job.</summary>
public class ResponseBenchmarks
{
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly JobResponse _response = Response(SampleJobs.Finished());

    [Benchmark]
    public int Serialise()
    {
        _buffer.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(_buffer);
        JsonSerializer.Serialize(writer, _response, JobApiJson.Wire.JobResponse);
        return _buffer.WrittenCount;
    }

    private static JobResponse Response(Job job)
    {
        var self = $"/jobs/{job.Id}";
        return new JobResponse
        {
            Id = job.Id,
            Type = job.Type,
            State = "succeeded",
            Done = true,
            Queue = job.Queue,
            Priority = 0,
            Payload = new RawJson(job.Spec.Payload),
            Result = new RawJson(SampleJobs.Result),
            Attempt = job.Attempt,
            Failures = 0,
            Crashes = 0,
            MaxAttempts = job.Spec.MaxAttempts,
            Worker = job.Worker,
            CreatedAt = job.Spec.CreatedAt,
            RunAt = job.RunAt,
            StartedAt = job.StartedAt,
            FinishedAt = job.FinishedAt,
            DurationMs = job.Duration?.TotalMilliseconds,
            Tags = job.Spec.Tags,
            Durability = "fsync",
            Version = job.Version,
            Links = new JobLinks(self, self + "/result", self + "/cancel"),
        };
    }
}
