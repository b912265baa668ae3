using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Testing;

namespace JobApi.Store.Tests.Sqlite;

/// <summary>What the next process finds.</summary>
public sealed class DurabilityTests : IAsyncLifetime
{
    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly SqliteStoreUnderTest _store = new();

    public Task InitializeAsync() => _store.OpenAsync(new StoreOptions());

    public Task DisposeAsync() => _store.DisposeAsync().AsTask();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Everything_that_was_answered_is_there_after_a_stop_and_after_a_crash(bool crash)
    {
        var (input, output) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var key = new IdempotencyKey("key", new byte[] { 1 }, Jobs.Start.AddDays(2));
        await SubmitAsync(Jobs.Spec() with { Files = [input], Tags = new Dictionary<string, string> { ["a"] = "1" } }, key);
        var running = Assert.Single(await ClaimAsync(1));
        await _store.History.AppendAsync([new HistoryEntry(running.Lease, [new LogText(Jobs.Start, "a\0b")], new JobProgress(12.5, "half", Jobs.Start))], Token);
        var ended = Assert.Single(await _store.Queue.CompleteAsync([running.Ends(Outcomes.Succeeded("[1]", output), Jobs.Start)], Token));
        var deleted = await SubmitAsync(Jobs.Spec());
        await _store.Control.CancelAsync(JobSelection.Of(deleted.Id), Jobs.Asked("no"), Jobs.Start, Token);
        await _store.Control.DeleteAsync(JobSelection.Of(deleted.Id), Token);
        var waiting = await SubmitAsync(Jobs.Spec("sleep") with { Queue = "mail" });
        var counts = await _store.Reader.CountAsync(Token);

        await _store.ReopenAsync(Jobs.Start, crash);

        var found = (await _store.Reader.FindAsync(ended.Id, Token))!;
        Assert.Equal(ended with { Spec = found.Spec, Result = null, ResultFiles = found.ResultFiles }, found with { Result = null });
        Assert.Equal(ended.Result!.Value.ToArray(), found.Result!.Value.ToArray());
        Assert.Equal("1", found.Spec.Tags["a"]);
        Assert.Equal([input], found.Spec.Files);
        Assert.Equal([output], found.ResultFiles);
        Assert.Equal(2, (await _store.Reader.FilesInUseAsync([input, output], Token)).Count);
        Assert.Single((await _store.History.AttemptsAsync(ended.Id, Token))!);
        Assert.Equal("a\0b", Assert.Single((await _store.History.LogsAsync(ended.Id, 0, 10, Token))!).Text);
        Assert.True(await _store.Reader.IsGoneAsync(deleted.Id, Token));
        Assert.IsType<InsertOutcome.Replayed>(await InsertAsync(Jobs.Spec(), key));
        Assert.Equivalent(counts, await _store.Reader.CountAsync(Token), strict: true);
        Assert.True((await SubmitAsync(Jobs.Spec())).Sequence > waiting.Sequence, "A sequence was given twice.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Jobs_that_were_running_are_charged_a_crash_at_once_although_their_lease_has_no_end(bool crash)
    {
        await SubmitAsync(Jobs.Spec());
        var running = Assert.Single(await ClaimAsync(1));

        await _store.ReopenAsync(Jobs.Start, crash);

        var job = (await _store.Reader.FindAsync(running.Id, Token))!;
        Assert.Equal((JobState.Scheduled, 1, 0, WaitingReason.Backoff, "lost"), (job.State, job.Crashes, job.Failures, job.Waiting, job.Error!.Type));
        Assert.Equal(Jobs.Start.AddSeconds(1), job.RunAt);
        Assert.Empty(await _store.Queue.CompleteAsync([running.Ends(Outcomes.Succeeded(), Jobs.Start)], Token));
        Assert.Equal(JobState.Scheduled, Assert.Single((await _store.History.AttemptsAsync(running.Id, Token))!).To);
    }

    [Fact]
    public async Task The_third_crash_ends_a_job_and_one_that_was_to_be_canceled_is()
    {
        var (poison, canceled) = (await SubmitAsync(Jobs.Spec()), await SubmitAsync(Jobs.Spec()));
        await ClaimAsync(2);
        await _store.Control.CancelAsync(JobSelection.Of(canceled.Id), Jobs.Asked(), Jobs.Start, Token);
        var now = Jobs.Start;

        for (var crash = 1; crash <= JobLifecycle.MaxCrashes; crash++)
        {
            await _store.ReopenAsync(now, crash: true);
            now = now.AddHours(1);
            await _store.Queue.AdvanceAsync(new AdvanceRequest(now, 10), Token);
            await ClaimAsync(2);
            await ClaimAsync(1, isForSuspect: true);
        }

        Assert.Equal(JobState.Failed, (await _store.Reader.FindAsync(poison.Id, Token))!.State);
        Assert.Equal(JobState.Canceled, (await _store.Reader.FindAsync(canceled.Id, Token))!.State);
    }

    [Fact]
    public async Task A_job_that_ran_beside_the_killer_is_charged_but_never_condemned()
    {
        var (poison, neighbour) = (await SubmitAsync(Jobs.Spec() with { Priority = 1 }), await SubmitAsync(Jobs.Spec()));
        var now = Jobs.Start;

        for (var crash = 1; crash <= JobLifecycle.SuspectCrashes; crash++)
        {
            Assert.Equal(2, (await ClaimAsync(2)).Count);
            await _store.ReopenAsync(now, crash: true);
            now = now.AddHours(1);
            await _store.Queue.AdvanceAsync(new AdvanceRequest(now, 10), Token);
        }

        Assert.Empty(await ClaimAsync(2));
        Assert.Equal(poison.Id, Assert.Single(await ClaimAsync(2, isForSuspect: true)).Id);
        await _store.ReopenAsync(now, crash: true);

        Assert.Equal((JobState.Failed, 3), await StandAsync(poison));
        Assert.Equal((JobState.Queued, 2), await StandAsync(neighbour));
        Assert.Equal(neighbour.Id, Assert.Single(await ClaimAsync(2, isForSuspect: true)).Id);
    }

    [Fact]
    public async Task More_lost_jobs_than_one_transaction_takes_are_all_recovered()
    {
        for (var part = 0; part < 3; part++)
        {
            await InsertAsync([.. Enumerable.Range(0, 700).Select(_ => Jobs.Spec())]);
        }

        Assert.Equal(2_100, (await ClaimAsync(5_000)).Count);
        await _store.ReopenAsync(Jobs.Start, crash: true);

        var counts = await _store.Reader.CountAsync(Token);
        Assert.Equal((2_100, 0), (counts[JobState.Scheduled], counts[JobState.Running]));
    }

    [Fact]
    public async Task Lost_jobs_are_recovered_wherever_they_stand_among_others()
    {
        // The first and the last number of stretches in which running jobs are counted, too.
        long[] lost = [1, 255, 256, 257, 511, 512, 700];
        await InsertAsync([.. Enumerable.Range(0, 700).Select(_ => Jobs.Spec())]);
        var running = await ClaimAsync(1_000);
        await _store.Queue.CompleteAsync([.. running.Where(job => !lost.Contains(job.Sequence)).Select(job => job.Ends(Outcomes.Succeeded(), Jobs.Start))], Token);

        await _store.ReopenAsync(Jobs.Start, crash: true);

        var recovered = (await _store.Reader.ListAsync(new JobQuery(new JobFilter { States = new HashSet<JobState> { JobState.Scheduled } }, 100), Token)).Items;
        Assert.Equal(lost, recovered.Select(job => job.Sequence).Order());
        Assert.Equal(0, (await _store.Reader.CountAsync(Token))[JobState.Running]);
    }

    private async Task<Job> SubmitAsync(JobSpec spec, IdempotencyKey? key = null) =>
        Assert.IsType<InsertOutcome.Inserted>(await InsertAsync(spec, key)).Jobs[0];

    private Task<InsertOutcome> InsertAsync(JobSpec spec, IdempotencyKey? key) => InsertAsync([spec], key);

    private async Task<InsertOutcome> InsertAsync(IReadOnlyList<JobSpec> specs, IdempotencyKey? key = null) =>
        (await _store.Queue.InsertAsync(new InsertRequest([new Submission(specs, key)], Jobs.Start), Token))[0];

    private async Task<(JobState State, int Crashes)> StandAsync(Job job)
    {
        var now = (await _store.Reader.FindAsync(job.Id, Token))!;
        return (now.State, now.Crashes);
    }

    private async Task<IReadOnlyList<Job>> ClaimAsync(int max, bool isForSuspect = false) => await _store.Queue.ClaimAsync(
        new ClaimRequest
        {
            Max = max,
            IsForSuspect = isForSuspect,
            Node = "node-1",
            Now = Jobs.Start,
            LeaseExpiresAt = DateTimeOffset.MaxValue,
            Types = new HashSet<string> { "square" },
        },
        Token);
}
