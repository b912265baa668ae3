using System.Text;
using JobApi.Engine.Lifecycle;

namespace JobApi.Testing;

/// <summary>Jobs as tests need them: everything has a value, and a test names only what it is about.</summary>
public static class Jobs
{
    /// <summary>The moment at which test time starts.</summary>
    public static DateTimeOffset Start { get; } = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>What is asked for by a job nobody said anything special about; vary it with <c>with</c>.</summary>
    /// <param name="type">The job's type.</param>
    /// <param name="at">When it is submitted and due; <see cref="Start"/> when absent.</param>
    /// <param name="payload">JSON.</param>
    public static JobSpec Spec(string type = "square", DateTimeOffset? at = null, string payload = """{"number":7}""") => new()
    {
        Id = Guid.CreateVersion7(at ?? Start),
        Type = type,
        Payload = Encoding.UTF8.GetBytes(payload),
        CreatedAt = at ?? Start,
        RunAt = at ?? Start,
        Timeout = TimeSpan.FromMinutes(1),
        MaxAttempts = 4,
        Backoff = Backoff.Default,
    };

    /// <summary>A job that waits for a worker.</summary>
    public static Job Queued(JobSpec? spec = null) => Job.Submitted(spec ?? Spec(), (spec ?? Spec()).RunAt);

    /// <summary>A job that waits for its time.</summary>
    public static Job Scheduled(JobSpec? spec = null) => Queued(spec) with { State = JobState.Scheduled };

    /// <summary>A job in its first attempt.</summary>
    public static Job Running(JobSpec? spec = null) => JobLifecycle.Claim(Queued(spec), "node-1", Start, Start.AddSeconds(30));

    /// <summary>A cancellation that a caller on this machine asks for.</summary>
    public static Cancellation Asked(string? reason = null) => new(new Canceler("client", "127.0.0.1"), reason);

    /// <summary>A job that ended in this way.</summary>
    public static Job Finished(JobOutcome outcome, JobSpec? spec = null) =>
        JobLifecycle.Complete(Running(spec), Running(spec).Ends(outcome, Start))!;
}
