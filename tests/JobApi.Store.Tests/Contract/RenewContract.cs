using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Testing;

namespace JobApi.Store.Tests.Contract;

public abstract class RenewContract<TStore> : StoreContract<TStore>
    where TStore : IStoreUnderTest, new()
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_renewed_lease_ends_later_and_is_no_news()
    {
        var running = await GivenRunningAsync(lease: Lease);
        Pass(TimeSpan.FromSeconds(20));

        var outcome = await RenewAsync(running);

        Assert.Empty(outcome.Lost);
        Assert.Equal((Now + Lease, running.Version), ((await FindAsync(running)).LeaseExpiresAt, (await FindAsync(running)).Version));
    }

    [Fact]
    public async Task A_renewed_job_is_not_taken_away_at_the_old_end()
    {
        var running = await GivenRunningAsync(lease: Lease);
        Pass(TimeSpan.FromSeconds(20));
        await RenewAsync(running);
        Pass(TimeSpan.FromSeconds(20));

        Assert.Empty((await AdvanceAsync()).Changed);
    }

    [Fact]
    public async Task A_lease_without_an_end_ends_once_it_was_renewed_with_one()
    {
        var running = await GivenRunningAsync();
        await RenewAsync(running);
        Pass(Lease);

        Assert.Equal([running.Id], (await AdvanceAsync()).Changed.Select(job => job.Id));
    }

    [Fact]
    public async Task A_lease_that_was_taken_away_is_reported_lost_and_the_new_holder_keeps_his()
    {
        var stale = await GivenRunningAsync(lease: Lease);
        await EndAsync(stale, Outcomes.HandedBack);
        var current = Assert.Single(await ClaimAsync(lease: Lease));
        Pass(TimeSpan.FromSeconds(1));

        var outcome = await RenewAsync(stale);

        Assert.Equal([stale.Id], outcome.Lost);
        Assert.Equal(current.LeaseExpiresAt, (await FindAsync(stale)).LeaseExpiresAt);
    }

    [Fact]
    public async Task Finished_and_unknown_jobs_are_lost()
    {
        var finished = await GivenRunningAsync(lease: Lease);
        await EndAsync(finished, Outcomes.Succeeded());
        var unknown = Jobs.Running();
        var held = await GivenRunningAsync(lease: Lease);

        var outcome = await RenewAsync(finished, held, unknown);

        Assert.Equal([finished.Id, unknown.Id], outcome.Lost);
    }

    [Fact]
    public async Task Renewing_tells_which_jobs_somebody_wants_canceled()
    {
        var canceled = await GivenRunningAsync(lease: Lease);
        var other = await GivenRunningAsync(lease: Lease);
        await CancelAsync(canceled);

        var outcome = await RenewAsync(canceled, other);

        Assert.Equal([canceled.Id], outcome.CancelRequested);
        Assert.Empty(outcome.Lost);
    }

    [Fact]
    public async Task A_late_renewal_holds_as_long_as_nobody_has_taken_the_job_away()
    {
        var running = await GivenRunningAsync(lease: Lease);
        Pass(TimeSpan.FromHours(1));

        Assert.Empty((await RenewAsync(running)).Lost);
        Assert.Equal(JobState.Succeeded, (await EndAsync(running, Outcomes.Succeeded()))!.State);
    }

    private async Task<RenewOutcome> RenewAsync(params Job[] held) =>
        await Queue.RenewAsync(new RenewRequest([.. held.Select(job => job.Lease)], Now, Now + Lease), Token);
}
