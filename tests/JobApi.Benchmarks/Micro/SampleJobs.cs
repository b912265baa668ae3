using System.Text;
using JobApi.Benchmarks.Comparing;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Benchmarks.Micro;

/// <summary>The jobs that the micro-benchmarks store, claim and complete: those of the comparison.</summary>
internal static class SampleJobs
{
    public static readonly ReadOnlyMemory<byte> Result = """{"number":1524155677489}"""u8.ToArray();

    private static readonly HashSet<string> Types = ["square"];
    private static readonly byte[] Payload = Encoding.UTF8.GetBytes(SquareRequests.Payload(1_234_567));

    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public static InsertRequest Insert(int jobs, bool claimed = false) => Insert(Enumerable.Repeat<string?>(null, jobs), claimed ? Claim(jobs) : null);

    /// <summary>A job for each of these fairness keys.</summary>
    public static InsertRequest Insert(IEnumerable<string?> keys, ClaimRequest? offer = null)
    {
        var now = Now;
        return new InsertRequest([.. keys.Select(key => new Submission([Spec(now) with { FairnessKey = key }]))], now, offer);
    }

    public static ClaimRequest Claim(int most) =>
        new() { Max = most, Node = "micro", Now = Now, LeaseExpiresAt = Now.AddMinutes(10), Types = Types };

    public static JobCompletion[] Succeed(IEnumerable<Job> running)
    {
        var now = Now;
        return [.. running.Select(job => new JobCompletion
        {
            Lease = job.Lease,
            To = JobState.Succeeded,
            At = now,
            Duration = TimeSpan.FromMicroseconds(20),
            Worker = "micro-1",
            Result = Result,
        })];
    }

    public static Job Finished()
    {
        var now = Now;
        return Job.Submitted(Spec(now), now) with
        {
            State = JobState.Succeeded,
            Version = 3,
            Attempt = 1,
            StartedAt = now,
            FinishedAt = now,
            Duration = TimeSpan.FromMicroseconds(20),
            Worker = "micro-1",
            Result = Result,
        };
    }

    public static async Task<IReadOnlyList<Job>> InsertClaimedAsync(IJobQueue store, int jobs)
    {
        await store.InsertAsync(Insert(jobs), CancellationToken.None);
        var claimed = await store.ClaimAsync(Claim(jobs), CancellationToken.None);
        return claimed.Count == jobs ? claimed : throw new InvalidOperationException($"{claimed.Count} of {jobs} jobs were claimed.");
    }

    private static JobSpec Spec(DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(),
        Type = "square",
        Payload = Payload,
        CreatedAt = now,
        RunAt = now,
        Timeout = TimeSpan.FromSeconds(30),
        MaxAttempts = 1,
        Backoff = Backoff.Default,
    };
}
