using JobApi.Engine.Lifecycle;
using JobApi.Testing;

namespace JobApi.Store.Tests.Contract;

public abstract class AdvanceContract<TStore> : StoreContract<TStore>
    where TStore : IStoreUnderTest, new()
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_scheduled_job_wakes_when_its_time_has_come_and_not_before()
    {
        var job = await GivenScheduledAsync(TimeSpan.FromSeconds(10));
        Pass(TimeSpan.FromMilliseconds(9_999));
        Assert.Empty((await AdvanceAsync()).Changed);
        Pass(TimeSpan.FromMilliseconds(1));

        var woken = Assert.Single((await AdvanceAsync()).Changed);

        Assert.Equal((job.Id, JobState.Queued), (woken.Id, woken.State));
        Assert.Equal([job.Id], await ClaimedIdsAsync(1));
    }

    [Fact]
    public async Task Waking_clears_the_reason_for_waiting()
    {
        var parked = await GivenEndedAsync(Outcomes.Parked(TimeSpan.FromSeconds(1)));
        Pass(TimeSpan.FromSeconds(1));

        await AdvanceAsync();

        Assert.Null((await FindAsync(parked)).Waiting);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public async Task A_job_that_did_not_start_in_time_is_canceled_whether_queued_or_scheduled(int delay)
    {
        var job = await GivenAsync(Spec() with { RunAt = Now.AddSeconds(delay), ExpiresAt = Now.AddSeconds(10) });
        Pass(TimeSpan.FromSeconds(10));

        await AdvanceAsync();

        var expired = await FindAsync(job);
        Assert.Equal((JobState.Canceled, JobLifecycle.Expired, Now), (expired.State, expired.CancelReason, expired.FinishedAt));
        Assert.Equal((Canceler.Expiry, Now), (expired.CanceledBy, expired.CancelRequestedAt));
    }

    [Fact]
    public async Task A_job_that_is_due_and_too_late_at_once_does_not_start()
    {
        var job = await GivenAsync(Spec() with { RunAt = Now.AddSeconds(10), ExpiresAt = Now.AddSeconds(10) });
        Pass(TimeSpan.FromSeconds(10));

        Assert.Equal(JobState.Canceled, Assert.Single((await AdvanceAsync()).Changed).State);
        Assert.Equal(1, (await CountAsync())[JobState.Canceled]);
        Assert.Equal(job.Version + 1, (await FindAsync(job)).Version);
    }

    [Fact]
    public async Task A_running_job_does_not_expire()
    {
        var running = await GivenRunningAsync(Spec() with { ExpiresAt = Now.AddSeconds(10) });
        Pass(TimeSpan.FromHours(1));

        Assert.Empty((await AdvanceAsync()).Changed);
        Assert.Equal(JobState.Running, (await FindAsync(running)).State);
    }

    [Fact]
    public async Task A_job_whose_lease_ran_out_pauses_and_is_charged_a_crash()
    {
        await GivenRunningAsync(lease: Lease);
        Pass(Lease);

        var lost = Assert.Single((await AdvanceAsync()).Changed);

        Assert.Equal((JobState.Scheduled, 1, 0, "lost"), (lost.State, lost.Crashes, lost.Failures, lost.Error!.Type));
        Assert.Equal((Now.AddSeconds(1), WaitingReason.Backoff), (lost.RunAt, lost.Waiting));
    }

    [Fact]
    public async Task The_third_crash_ends_the_job()
    {
        var job = await GivenQueuedAsync();

        for (var crash = 0; crash < JobLifecycle.MaxCrashes; crash++)
        {
            Pass(TimeSpan.FromHours(1));
            await AdvanceAsync();
            Assert.Single(crash < JobLifecycle.SuspectCrashes ? await ClaimAsync(lease: Lease) : await ClaimSuspectAsync(lease: Lease));
            Pass(Lease);
            await AdvanceAsync();
        }

        Assert.Equal((JobState.Failed, 3), ((await FindAsync(job)).State, (await FindAsync(job)).Crashes));
    }

    [Fact]
    public async Task A_lost_job_somebody_canceled_is_canceled()
    {
        var running = await GivenRunningAsync(lease: Lease);
        await CancelAsync(running);
        Pass(Lease);

        Assert.Equal(JobState.Canceled, Assert.Single((await AdvanceAsync()).Changed).State);
    }

    [Fact]
    public async Task A_claim_without_end_is_never_taken_away()
    {
        await GivenRunningAsync();
        Pass(TimeSpan.FromDays(10_000));

        var outcome = await AdvanceAsync();

        Assert.Empty(outcome.Changed);
        Assert.Null(outcome.NextDue);
    }

    [Fact]
    public async Task Of_several_leases_the_first_to_end_is_the_next_instant_and_its_job_the_first_to_be_lost()
    {
        var late = await GivenRunningAsync(lease: 2 * Lease);
        var early = await GivenRunningAsync(lease: Lease);
        var later = await GivenRunningAsync(lease: 2 * Lease);

        Assert.Equal(Now + Lease, (await AdvanceAsync()).NextDue);
        Pass(2 * Lease);

        Assert.Equal([early.Id], (await AdvanceAsync(max: 1)).Changed.Select(job => job.Id));
        Assert.Equal([late.Id, later.Id], (await AdvanceAsync(max: 2)).Changed.Select(job => job.Id));
    }

    [Fact]
    public async Task The_next_instant_is_the_earliest_of_all_that_wait_for_the_clock()
    {
        Assert.Null((await AdvanceAsync()).NextDue);
        await GivenScheduledAsync(TimeSpan.FromSeconds(40));
        Assert.Equal(Now.AddSeconds(40), (await AdvanceAsync()).NextDue);
        await GivenRunningAsync(lease: Lease);
        Assert.Equal(Now.AddSeconds(30), (await AdvanceAsync()).NextDue);
        await GivenAsync(Spec() with { ExpiresAt = Now.AddSeconds(20) });
        Assert.Equal(Now.AddSeconds(20), (await AdvanceAsync()).NextDue);
    }

    [Fact]
    public async Task No_more_jobs_move_than_were_allowed_and_the_rest_is_due_at_once()
    {
        await GivenScheduledAsync(TimeSpan.FromSeconds(1));
        await GivenScheduledAsync(TimeSpan.FromSeconds(2));
        await GivenScheduledAsync(TimeSpan.FromSeconds(3));
        Pass(TimeSpan.FromSeconds(3));

        var first = await AdvanceAsync(max: 2);
        var second = await AdvanceAsync(max: 2);

        Assert.Equal(2, first.Changed.Count);
        Assert.True(first.NextDue <= Now);
        Assert.Single(second.Changed);
        Assert.Null(second.NextDue);
    }
}
