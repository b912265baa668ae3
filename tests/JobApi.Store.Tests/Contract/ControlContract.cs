using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Testing;

namespace JobApi.Store.Tests.Contract;

public abstract class ControlContract<TStore> : StoreContract<TStore>
    where TStore : IStoreUnderTest, new()
{
    [Fact]
    public async Task A_waiting_job_is_canceled_at_once()
    {
        var queued = await GivenQueuedAsync();
        var scheduled = await GivenScheduledAsync(TimeSpan.FromHours(1));

        Assert.Equal((ControlResult.Done, ControlResult.Done), (await CancelAsync(queued), await CancelAsync(scheduled)));

        Assert.Equal((JobState.Canceled, "test", Now), ((await FindAsync(queued)).State, (await FindAsync(queued)).CancelReason, (await FindAsync(queued)).FinishedAt));
        Assert.Empty(await ClaimAsync());
        Assert.Null((await AdvanceAsync()).NextDue);
    }

    [Fact]
    public async Task A_running_job_is_asked_to_stop_and_stays_running()
    {
        var running = await GivenRunningAsync();

        Assert.Equal(ControlResult.Requested, await CancelAsync(running));

        var job = await FindAsync(running);
        Assert.Equal((JobState.Running, Now), (job.State, job.CancelRequestedAt));
        Assert.True(job.Version > running.Version);
    }

    [Fact]
    public async Task Canceling_again_changes_nothing_more()
    {
        var running = await GivenRunningAsync();
        await CancelAsync(running);
        var before = await FindAsync(running);
        Pass(TimeSpan.FromSeconds(1));

        Assert.Equal(ControlResult.AlreadyDone, await CancelAsync(running));
        Assert.Equal((before.Version, before.CancelRequestedAt), ((await FindAsync(running)).Version, (await FindAsync(running)).CancelRequestedAt));

        await EndAsync(running, Outcomes.Canceled);
        Assert.Equal(ControlResult.AlreadyDone, await CancelAsync(running));
    }

    [Fact]
    public async Task Who_asked_is_kept_from_the_moment_of_asking_to_the_end_and_whoever_asks_again_does_not_take_their_place()
    {
        var first = new Cancellation(new Canceler("bulk", "192.0.2.7"), "over");
        var waiting = await GivenScheduledAsync(TimeSpan.FromHours(1));
        var running = await GivenRunningAsync();

        await Control.CancelAsync(JobSelection.Of(waiting.Id, running.Id), first, Now, Token);
        Assert.Equal((first.By, first.By), ((await FindAsync(waiting)).CanceledBy, (await FindAsync(running)).CanceledBy));

        await CancelAsync(running);
        Pass(TimeSpan.FromSeconds(1));
        await EndAsync(running, Outcomes.Canceled);
        await ReopenAsync();

        var ended = await FindAsync(running);
        Assert.Equal((first.By, "over", Now.AddSeconds(-1), Now), (ended.CanceledBy, ended.CancelReason, ended.CancelRequestedAt, ended.FinishedAt));
    }

    [Fact]
    public async Task A_job_that_is_retried_is_not_canceled_by_anybody_any_more()
    {
        var job = await GivenQueuedAsync();
        await CancelAsync(job);

        await RequeueAsync(job);

        var again = await FindAsync(job);
        Assert.Equal((null, null, null), (again.CanceledBy, again.CancelReason, again.CancelRequestedAt));
    }

    [Fact]
    public async Task A_finished_job_cannot_be_canceled()
    {
        var job = await GivenEndedAsync();

        Assert.Equal(ControlResult.WrongState, await CancelAsync(job));
        Assert.Equal(job.Version, (await FindAsync(job)).Version);
    }

    [Fact]
    public async Task A_failed_job_is_queued_again_with_its_whole_budget_and_a_new_attempt()
    {
        var failed = await GivenEndedAsync(Outcomes.Failed);
        Pass(TimeSpan.FromMinutes(1));

        Assert.Equal(ControlResult.Done, await RequeueAsync(failed));

        var job = await FindAsync(failed);
        Assert.Equal((JobState.Queued, 0, Now, null), (job.State, job.Failures, job.RunAt, job.FinishedAt));
        Assert.Equal(2, Assert.Single(await ClaimAsync()).Attempt);
    }

    [Fact]
    public async Task An_expired_job_that_is_requeued_does_not_expire_again()
    {
        var job = await GivenAsync(Spec() with { ExpiresAt = Now.AddSeconds(1) });
        Pass(TimeSpan.FromSeconds(2));
        await AdvanceAsync();

        await RequeueAsync(job);

        Assert.Empty((await AdvanceAsync()).Changed);
        Assert.Equal([job.Id], await ClaimedIdsAsync(1));
    }

    [Fact]
    public async Task Only_failed_and_canceled_jobs_can_be_requeued()
    {
        var succeeded = await GivenEndedAsync();
        var running = await GivenRunningAsync();
        var queued = await GivenQueuedAsync();

        Assert.Equal(ControlResult.WrongState, await RequeueAsync(succeeded));
        Assert.Equal(ControlResult.WrongState, await RequeueAsync(running));
        Assert.Equal(ControlResult.WrongState, await RequeueAsync(queued));
    }

    [Fact]
    public async Task A_deleted_job_is_gone_and_was_there()
    {
        var job = await GivenEndedAsync();

        Assert.Equal(ControlResult.Done, await DeleteAsync(job));

        Assert.Null(await Reader.FindAsync(job.Id, Token));
        Assert.True(await Reader.IsGoneAsync(job.Id, Token));
        Assert.Equal(ControlResult.NotFound, await DeleteAsync(job));
    }

    [Fact]
    public async Task Deleting_never_cancels()
    {
        var running = await GivenRunningAsync();
        var queued = await GivenQueuedAsync();

        Assert.Equal((ControlResult.WrongState, ControlResult.WrongState), (await DeleteAsync(running), await DeleteAsync(queued)));

        Assert.Equal(2, (await CountAsync()).Backlog);
    }

    [Fact]
    public async Task Each_of_several_ids_gets_its_own_answer()
    {
        var queued = await GivenQueuedAsync();
        var unknown = Guid.CreateVersion7(Now);

        var outcomes = await Control.CancelAsync(JobSelection.Of(queued.Id, unknown, queued.Id), Jobs.Asked(), Now, Token);

        Assert.Equal([ControlResult.Done, ControlResult.NotFound, ControlResult.AlreadyDone], outcomes.Select(outcome => outcome.Result));
        Assert.Equal([JobState.Canceled, null, JobState.Canceled], outcomes.Select(outcome => outcome.Job?.State));
    }

    [Fact]
    public async Task A_job_that_is_not_any_more_as_it_was_found_is_left_alone()
    {
        var queued = await GivenQueuedAsync();
        var other = await GivenQueuedAsync("sleep");
        var asFound = JobSelection.Of(queued.Id, other.Id) with { Provided = new JobFilter { States = new HashSet<JobState> { JobState.Queued } } };
        await ClaimAsync(types: "square");

        var outcomes = await Control.CancelAsync(asFound, Jobs.Asked(), Now, Token);

        Assert.Equal([ControlResult.NotMeant, ControlResult.Done], outcomes.Select(outcome => outcome.Result));
        Assert.Null((await FindAsync(queued)).CancelRequestedAt);
    }

    [Fact]
    public async Task A_filter_touches_only_what_it_can_act_on_newest_first_up_to_its_bound()
    {
        var filter = new JobFilter { Type = "square" };
        var first = await GivenQueuedAsync();
        var second = await GivenQueuedAsync();
        var third = await GivenQueuedAsync();
        var sleep = await GivenQueuedAsync("sleep");
        await CancelAsync(third);

        var outcomes = await Control.CancelAsync(JobSelection.Where(filter, max: 1), Jobs.Asked(), Now, Token);

        Assert.Equal([(second.Id, ControlResult.Done)], outcomes.Select(outcome => (outcome.Id, outcome.Result)));
        Assert.Equal([JobState.Queued, JobState.Queued], [(await FindAsync(first)).State, (await FindAsync(sleep)).State]);

        var requeued = await Control.RequeueAsync(JobSelection.Where(filter, max: 10), Now, Token);
        Assert.Equal([third.Id, second.Id], requeued.Select(outcome => outcome.Id));
    }
}
