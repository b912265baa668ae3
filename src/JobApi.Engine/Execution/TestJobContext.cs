using System.Collections.Frozen;
using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Execution;

/// <summary>Makes the context that a handler's test passes to <c>HandleAsync</c>; no server, queue or clock is involved.</summary>
public static class TestJobContext
{
    /// <summary>A context of a job that exists nowhere but in the test.</summary>
    /// <param name="failures">How often the job has failed before; the attempt is one more. Default 0.</param>
    /// <param name="jobId">The job's id; a new one by default.</param>
    /// <param name="tags">The caller's labels; none by default.</param>
    /// <param name="onProgress">Hears every report of progress at once, as (percent, message).</param>
    /// <param name="onLog">Hears every line of the job's log at once.</param>
    public static JobContext Create(
        int failures = 0,
        Guid? jobId = null,
        IReadOnlyDictionary<string, string>? tags = null,
        Action<double?, string?>? onProgress = null,
        Action<string>? onLog = null)
    {
        var spec = new JobSpec
        {
            Id = jobId ?? Guid.NewGuid(),
            Type = "test",
            Payload = "{}"u8.ToArray(),
            CreatedAt = DateTimeOffset.UnixEpoch,
            RunAt = DateTimeOffset.UnixEpoch,
            Timeout = TimeSpan.FromMinutes(5),
            MaxAttempts = failures + 1,
            Backoff = Backoff.Default,
            Tags = tags ?? FrozenDictionary<string, string>.Empty,
        };

        var job = Job.Submitted(spec, DateTimeOffset.UnixEpoch) with { State = JobState.Running, Attempt = failures + 1, Failures = failures };
        return new JobContext(job, new CallbackJournal(onProgress, onLog));
    }

    private sealed class CallbackJournal(Action<double?, string?>? onProgress, Action<string>? onLog) : IAttemptJournal
    {
        public void Progress(double? percent, string? message) => onProgress?.Invoke(percent, message);

        public void Log(string line) => onLog?.Invoke(line);
    }
}
