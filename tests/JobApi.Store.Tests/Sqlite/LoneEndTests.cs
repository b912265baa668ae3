using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Sqlite;
using JobApi.Testing;

namespace JobApi.Store.Tests.Sqlite;

/// <summary>A single end that nobody waits for is flushed with what comes next. Here it would wait for an hour, else for a millisecond.</summary>
public sealed class LoneEndTests : IDisposable
{
    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Each reads from the file, so that together they take far longer than the writer needs to begin a commit.</summary>
    private const int Looks = 200;

    private readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(JobState.Succeeded)]
    [InlineData(JobState.Failed)]
    [InlineData(JobState.Canceled)]
    public async Task A_lone_end_shares_the_flush_of_the_next_job(JobState state)
    {
        using var store = Open();
        var running = await ClaimedAsync(store);
        var outcome = state switch
        {
            JobState.Succeeded => Outcomes.Succeeded(),
            JobState.Failed => Outcomes.Failed,
            _ => Outcomes.Canceled,
        };

        Assert.Equal(state, (await WithTheNextAsync(store, running.Ends(outcome, Jobs.Start))).State);
    }

    [Fact]
    public async Task A_job_in_a_paused_queue_would_not_take_its_place()
    {
        using var store = Open();
        await store.ChangeAsync("paused", new QueueChange { IsPaused = true }, Token);
        var running = await ClaimedAsync(store);
        await InsertAsync(store, queue: "paused");

        await WithTheNextAsync(store, Success(running));
    }

    [Fact]
    public async Task An_end_that_somebody_waits_for_is_on_the_disk_at_once()
    {
        using var store = Open();
        var running = await ClaimedAsync(store);

        var ended = CompleteAsync(store, Success(running) with { IsAwaited = true });

        Assert.Single(await ended.WaitAsync(Limit));
    }

    [Fact]
    public async Task Several_ends_wait_for_no_other_company()
    {
        using var store = Open();
        var (first, second) = (await ClaimedAsync(store), await ClaimedAsync(store));

        var ended = CompleteAsync(store, Success(first), Success(second));

        Assert.Equal(2, (await ended.WaitAsync(Limit)).Count);
    }

    [Fact]
    public async Task An_attempt_that_is_not_the_last_is_over_at_once()
    {
        using var store = Open();
        var running = await ClaimedAsync(store);

        var ended = CompleteAsync(store, running.Ends(Outcomes.Retry(), Jobs.Start));

        Assert.Equal(JobState.Scheduled, Assert.Single(await ended.WaitAsync(Limit)).State);
    }

    [Fact]
    public async Task While_a_job_waits_that_could_take_its_place_an_end_is_on_the_disk_at_once()
    {
        using var store = Open();
        var running = await ClaimedAsync(store);
        await InsertAsync(store);

        Assert.Single(await EndAsync(store, running).WaitAsync(Limit));
    }

    [Fact]
    public async Task What_waits_when_the_store_closes_is_written()
    {
        var store = Open();
        var running = await ClaimedAsync(store);
        var ended = EndAsync(store, running);

        await Task.Run(store.Dispose).WaitAsync(Limit);

        Assert.Single(await ended.WaitAsync(Limit));
        using var next = _folder.Open();
        Assert.Equal(JobState.Succeeded, (await next.FindAsync(running.Id, Token))!.State);
    }

    private SqliteJobStore Open() => _folder.Open(endPatience: TimeSpan.FromHours(1));

    private static JobCompletion Success(Job running) => running.Ends(Outcomes.Succeeded(), Jobs.Start);

    private static Task<IReadOnlyList<Job>> EndAsync(SqliteJobStore store, Job running) => CompleteAsync(store, Success(running));

    private static Task<IReadOnlyList<Job>> CompleteAsync(SqliteJobStore store, params JobCompletion[] completions) => store.CompleteAsync(completions, Token).AsTask();

    private static async Task<Job> WithTheNextAsync(SqliteJobStore store, JobCompletion completion)
    {
        var commits = store.Commits;
        var ended = CompleteAsync(store, completion);

        // However often somebody looks meanwhile, it is not over, and the only commit there will be is the one that brings the next job.
        for (var look = 0; look < Looks; look++)
        {
            Assert.Equal(JobState.Running, (await store.FindAsync(completion.Lease.JobId, Token))!.State);
        }

        Assert.False(ended.IsCompleted);
        await InsertAsync(store).WaitAsync(Limit);
        var job = Assert.Single(await ended.WaitAsync(Limit));
        Assert.Equal(1, store.Commits - commits);

        return job;
    }

    private static Task<IReadOnlyList<InsertOutcome>> InsertAsync(SqliteJobStore store, ClaimRequest? hands = null, string queue = JobSpec.DefaultQueue) =>
        store.InsertAsync(new InsertRequest([new Submission([Jobs.Spec() with { Queue = queue }])], Jobs.Start, hands), Token).AsTask();

    private static async Task<Job> ClaimedAsync(SqliteJobStore store)
    {
        var hands = new ClaimRequest
        {
            Max = 1,
            Node = "node-1",
            Now = Jobs.Start,
            LeaseExpiresAt = DateTimeOffset.MaxValue,
            Types = new HashSet<string> { "square" },
        };

        return Assert.Single(Assert.IsType<InsertOutcome.Inserted>((await InsertAsync(store, hands))[0]).Jobs);
    }
}
