using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Testing;

namespace JobApi.Store.Tests.Contract;

public abstract class QueueContract<TStore> : StoreContract<TStore>
    where TStore : IStoreUnderTest, new()
{
    [Fact]
    public async Task Nothing_of_a_paused_queue_is_claimed_until_it_is_resumed()
    {
        var held = await GivenAsync(Spec() with { Queue = "mail", Priority = 9 });
        var other = await GivenQueuedAsync();
        await PauseAsync("mail");

        Assert.Equal([other.Id], await ClaimedIdsAsync(10));
        await ResumeAsync("mail");
        Assert.Equal([held.Id], await ClaimedIdsAsync(10));
    }

    [Fact]
    public async Task What_runs_in_a_paused_queue_runs_on_and_comes_back_to_it()
    {
        var running = await GivenRunningAsync();
        await PauseAsync("default");

        await EndAsync(running, Outcomes.HandedBack);

        Assert.Empty(await ClaimAsync(10));
        Assert.Equal(JobState.Queued, (await FindAsync(running)).State);
    }

    [Fact]
    public async Task A_queue_that_nobody_has_used_can_be_paused_and_stays_so_for_its_first_job_and_the_next_start()
    {
        await PauseAsync("new");
        await GivenAsync(Spec() with { Queue = "new" });
        await ReopenAsync();
        await AdvanceAsync();

        Assert.Empty(await ClaimAsync(10));
        Assert.True((await Queues.FindAsync("new", Token))!.IsPaused);
    }

    [Fact]
    public async Task A_job_of_a_paused_queue_is_stored_as_waiting_though_hands_are_idle()
    {
        await PauseAsync("mail");

        var outcome = Assert.Single(await Queue.InsertAsync(new InsertRequest([new Submission([Spec() with { Queue = "mail" }])], Now, Claiming()), Token));

        Assert.Equal(JobState.Queued, Assert.Single(Assert.IsType<InsertOutcome.Inserted>(outcome).Jobs).State);
    }

    [Fact]
    public async Task A_backlog_that_cannot_be_claimed_keeps_nobody_from_starting_at_once()
    {
        await PauseAsync("mail");
        await SubmitAsync([Spec() with { Queue = "mail" }, Spec() with { Queue = "mail" }]);

        var outcome = Assert.Single(await Queue.InsertAsync(new InsertRequest([new Submission([Spec()])], Now, Claiming()), Token));

        Assert.Equal(JobState.Running, Assert.Single(Assert.IsType<InsertOutcome.Inserted>(outcome).Jobs).State);
    }

    [Fact]
    public async Task No_more_jobs_of_a_queue_run_than_its_limit_says()
    {
        await ChangeAsync("default", new QueueChange { ConcurrencyLimit = 2 });
        await SubmitAsync([Spec(), Spec("sleep"), Spec(), Spec()]);

        var running = await ClaimAsync(10);
        Assert.Equal(2, running.Count);
        await EndAsync(running[0], Outcomes.Succeeded());
        Assert.Single(await ClaimAsync(10));
        await ChangeAsync("default", new QueueChange { IsUnlimited = true });

        Assert.Single(await ClaimAsync(10));
    }

    [Fact]
    public async Task A_limit_counts_what_ran_before_it_was_set()
    {
        await GivenRunningAsync();
        await ChangeAsync("default", new QueueChange { ConcurrencyLimit = 1 });
        await GivenQueuedAsync();

        Assert.Empty(await ClaimAsync(10));
    }

    [Fact]
    public async Task A_new_start_counts_nothing_as_running_and_keeps_the_limit()
    {
        await ChangeAsync("default", new QueueChange { ConcurrencyLimit = 1 });
        await GivenRunningAsync(Spec() with { Backoff = new Backoff(BackoffKind.Constant, TimeSpan.Zero, TimeSpan.Zero) });
        await GivenQueuedAsync();
        await ReopenAsync(crash: true);
        await AdvanceAsync();

        Assert.Single(await ClaimAsync(10));
        Assert.Empty(await ClaimAsync(10));
    }

    [Fact]
    public async Task A_queue_says_what_is_in_it_and_since_when()
    {
        var since = Now;
        await SubmitAsync([Spec() with { Queue = "mail" }, Spec() with { Queue = "mail" }, Spec() with { Queue = "mail" }]);
        await GivenAsync(Spec() with { Queue = "mail", RunAt = Now.AddHours(1) });
        await ClaimAsync();
        Pass(TimeSpan.FromSeconds(9));
        await GivenAsync(Spec() with { Queue = "mail", Priority = 5 });
        await ChangeAsync("mail", new QueueChange { ConcurrencyLimit = 7, IsPaused = true });

        var expected = new QueueStanding("mail") { IsPaused = true, ConcurrencyLimit = 7, Queued = 3, Scheduled = 1, Running = 1, OldestQueuedSince = since };
        Assert.Equal(expected, await Queues.FindAsync("mail", Token));
        Assert.Equal([expected], await Queues.ListAsync(new QueueQuery(10), Token));
        Assert.Equal(expected with { IsPaused = false }, await ResumeAsync("mail"));
    }

    [Fact]
    public async Task A_queue_without_settings_is_gone_when_its_last_job_has_ended()
    {
        Assert.Null(await Queues.FindAsync("default", Token));
        var running = await GivenRunningAsync();
        Assert.Equal(new QueueStanding("default") { Running = 1 }, await Queues.FindAsync("default", Token));

        await EndAsync(running, Outcomes.Succeeded());

        Assert.Null(await Queues.FindAsync("default", Token));
        Assert.Empty(await Queues.ListAsync(new QueueQuery(10), Token));
    }

    [Fact]
    public async Task Queues_come_by_name_page_by_page_and_those_with_settings_alone()
    {
        await SubmitAsync([Spec() with { Queue = "b" }, Spec() with { Queue = "a" }, Spec() with { Queue = "d" }]);
        await PauseAsync("c");

        Assert.Equal(["a", "b"], (await Queues.ListAsync(new QueueQuery(2), Token)).Select(queue => queue.Name));
        Assert.Equal(["c", "d"], (await Queues.ListAsync(new QueueQuery(2, After: "b"), Token)).Select(queue => queue.Name));
        Assert.Equal(["c"], (await Queues.ListAsync(new QueueQuery(2, OnlyRestricted: true), Token)).Select(queue => queue.Name));
    }

    [Fact]
    public async Task More_queues_than_the_bound_are_not_restricted_until_one_is_let_go()
    {
        await Task.WhenAll(Enumerable.Range(0, QueueChange.MaxRestricted).Select(number => PauseAsync($"q{number}")));

        await Assert.ThrowsAsync<TooManyQueuesException>(() => ChangeAsync("more", new QueueChange { ConcurrencyLimit = 1 }));
        await Assert.ThrowsAsync<TooManyQueuesException>(() => PauseAsync("more"));
        Assert.Null(await Queues.FindAsync("more", Token));
        Assert.False((await ResumeAsync("more")).IsPaused);
        Assert.Equal(7, (await ChangeAsync("q7", new QueueChange { ConcurrencyLimit = 7 })).ConcurrencyLimit);
        await ResumeAsync("q8");
        Assert.True((await PauseAsync("more")).IsPaused);
    }

    [Fact]
    public async Task What_keeps_a_job_from_being_claimed_is_told()
    {
        await GivenRunningAsync(Spec() with { ConcurrencyKey = "k" });
        var job = await GivenAsync(Spec() with { ConcurrencyKey = "k" });

        Assert.Equal(new Obstacle(WaitingReason.ConcurrencyKey, 1, 1), await Queues.FindObstacleAsync(job, Token));
        await ChangeAsync("default", new QueueChange { ConcurrencyLimit = 1 });
        Assert.Equal(new Obstacle(WaitingReason.QueueLimit, 1, 1), await Queues.FindObstacleAsync(job, Token));
        await PauseAsync("default");
        Assert.Equal(new Obstacle(WaitingReason.Paused), await Queues.FindObstacleAsync(job, Token));
        Assert.Null(await Queues.FindObstacleAsync(await GivenAsync(Spec() with { Queue = "free" }), Token));
        Assert.Null(await Reader.PlaceAsync(job, 1_000, Token));
    }
}
