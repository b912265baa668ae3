using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Testing;

namespace JobApi.Store.Tests.Contract;

public abstract class HistoryContract<TStore> : StoreContract<TStore>
    where TStore : IStoreUnderTest, new()
{
    protected override StoreOptions Options => new() { MaxLogLines = 3 };

    [Fact]
    public async Task Every_ended_attempt_is_recorded_oldest_first()
    {
        var first = await GivenRunningAsync();
        await EndAsync(first, Outcomes.Parked(TimeSpan.FromSeconds(1)));
        Pass(TimeSpan.FromSeconds(1));
        await AdvanceAsync();
        var second = Assert.Single(await ClaimAsync());
        await EndAsync(second, Outcomes.Failed);

        var attempts = await History.AttemptsAsync(first.Id, Token);

        Assert.Equal(
            [
                new AttemptRecord(1, "node-1", "worker-1", Now.AddSeconds(-1), Now.AddSeconds(-1), JobState.Scheduled, WaitingReason.RateLimit, null),
                new AttemptRecord(2, "node-1", "worker-1", Now, Now, JobState.Failed, null, ((JobOutcome.Failed)Outcomes.Failed).Error),
            ],
            attempts);
    }

    [Fact]
    public async Task A_success_is_recorded_behind_the_attempts_before_it()
    {
        var first = await GivenRunningAsync();
        await EndAsync(first, Outcomes.Parked(TimeSpan.FromSeconds(1)));
        Pass(TimeSpan.FromSeconds(1));
        await AdvanceAsync();
        var second = Assert.Single(await ClaimAsync());
        Pass(TimeSpan.FromSeconds(2));
        await EndAsync(second, Outcomes.Succeeded());

        var attempts = await History.AttemptsAsync(first.Id, Token);

        Assert.Equal(2, attempts!.Count);
        Assert.Equal(new AttemptRecord(2, "node-1", "worker-1", Now.AddSeconds(-2), Now, JobState.Succeeded, null, null), attempts[1]);
    }

    [Fact]
    public async Task An_attempt_nobody_ended_is_recorded_when_its_lease_runs_out()
    {
        var running = await GivenRunningAsync(lease: TimeSpan.FromSeconds(30));
        Pass(TimeSpan.FromSeconds(30));
        await AdvanceAsync();

        var attempt = Assert.Single((await History.AttemptsAsync(running.Id, Token))!);

        Assert.Equal((1, null, JobState.Scheduled, "lost"), (attempt.Number, attempt.Worker, attempt.To, attempt.Error!.Type));
    }

    [Fact]
    public async Task A_stale_end_is_not_recorded()
    {
        var running = await GivenRunningAsync();
        await EndAsync(running, Outcomes.Succeeded());
        await EndAsync(running, Outcomes.Failed);

        Assert.Single((await History.AttemptsAsync(running.Id, Token))!);
    }

    [Fact]
    public async Task The_newest_attempts_are_kept()
    {
        var job = await GivenQueuedAsync();

        for (var attempt = 0; attempt < AttemptRecord.MaxKept + 2; attempt++)
        {
            await EndAsync(Assert.Single(await ClaimAsync()), Outcomes.HandedBack);
        }

        Assert.Equal(Enumerable.Range(3, AttemptRecord.MaxKept), (await History.AttemptsAsync(job.Id, Token))!.Select(attempt => attempt.Number));
    }

    [Fact]
    public async Task Lines_are_numbered_and_the_newest_are_kept()
    {
        var running = await GivenRunningAsync();
        await SayAsync(running, "a", "b");
        await SayAsync(running, "c", "d");

        var lines = await History.LogsAsync(running.Id, after: 0, max: 10, Token);

        Assert.Equal([(2, "b"), (3, "c"), (4, "d")], lines!.Select(line => (line.Number, line.Text)));
        Assert.All(lines!, line => Assert.Equal((1, Now), (line.Attempt, line.At)));
    }

    [Fact]
    public async Task Reading_goes_on_after_a_line_and_stops_at_its_bound()
    {
        var running = await GivenRunningAsync();
        await SayAsync(running, "a", "b", "c");

        Assert.Equal(["b"], (await History.LogsAsync(running.Id, after: 1, max: 1, Token))!.Select(line => line.Text));
        Assert.Empty((await History.LogsAsync(running.Id, after: 3, max: 10, Token))!);
    }

    [Fact]
    public async Task Progress_is_kept_and_makes_a_new_version()
    {
        var running = await GivenRunningAsync();
        var progress = new JobProgress(40, "reading", Now);

        var changed = Assert.Single(await ReportAsync(running, progress));

        Assert.Equal(progress, (await FindAsync(running)).Progress);
        Assert.Equal(changed.Version, (await FindAsync(running)).Version);
        Assert.True(changed.Version > running.Version);
    }

    [Fact]
    public async Task Lines_alone_change_no_job()
    {
        var running = await GivenRunningAsync();

        Assert.Empty(await SayAsync(running, "a"));
        Assert.Equal(running.Version, (await FindAsync(running)).Version);
    }

    [Fact]
    public async Task An_attempt_that_is_over_has_nothing_more_to_say()
    {
        var stale = await GivenRunningAsync();
        await EndAsync(stale, Outcomes.HandedBack);
        var current = Assert.Single(await ClaimAsync());

        await SayAsync(stale, "late");
        Assert.Empty(await ReportAsync(stale, new JobProgress(99, null, Now)));

        Assert.Empty((await History.LogsAsync(current.Id, 0, 10, Token))!);
        Assert.Null((await FindAsync(current)).Progress);
    }

    [Fact]
    public async Task Unknown_and_deleted_jobs_have_no_history()
    {
        var ended = await GivenEndedAsync();
        await DeleteAsync(ended);

        Assert.Null(await History.AttemptsAsync(ended.Id, Token));
        Assert.Null(await History.LogsAsync(ended.Id, 0, 10, Token));
    }

    private async Task<IReadOnlyList<Job>> SayAsync(Job running, params string[] lines) =>
        await History.AppendAsync([new HistoryEntry(running.Lease, [.. lines.Select(text => new LogText(Now, text))], null)], Token);

    private async Task<IReadOnlyList<Job>> ReportAsync(Job running, JobProgress progress) =>
        await History.AppendAsync([new HistoryEntry(running.Lease, [], progress)], Token);
}
