using JobApi.Engine.Lifecycle;
using JobApi.Testing;

namespace JobApi.Store.Tests.Contract;

public abstract class ClaimContract<TStore> : StoreContract<TStore>
    where TStore : IStoreUnderTest, new()
{
    [Fact]
    public async Task A_claim_starts_an_attempt_under_a_lease()
    {
        var job = await GivenQueuedAsync();
        Pass(TimeSpan.FromSeconds(3));

        var claimed = Assert.Single(await ClaimAsync(lease: TimeSpan.FromSeconds(30)));

        Assert.Equal((job.Id, JobState.Running, 1, "node-1"), (claimed.Id, claimed.State, claimed.Attempt, claimed.Node));
        Assert.Equal((Now, Now.AddSeconds(30)), (claimed.StartedAt, claimed.LeaseExpiresAt));
        Assert.True(claimed.Version > job.Version);
        Assert.Equal(claimed with { Spec = job.Spec }, await FindAsync(job) with { Spec = job.Spec });
    }

    [Fact]
    public async Task Nobody_gets_a_job_that_is_claimed()
    {
        await GivenRunningAsync();

        Assert.Empty(await ClaimAsync(10));
    }

    [Fact]
    public async Task Higher_priority_goes_first_then_due_time_then_arrival()
    {
        var late = await GivenAsync(Spec() with { RunAt = Now.AddSeconds(-1) });
        var third = await GivenAsync(Spec() with { RunAt = Now.AddSeconds(-1) });
        var second = await GivenAsync(Spec("sleep") with { RunAt = Now.AddSeconds(-2) });
        var last = await GivenAsync(Spec() with { Priority = -100, RunAt = Now.AddDays(-1) });
        var first = await GivenAsync(Spec() with { Priority = 100 });

        Assert.Equal([first.Id, second.Id, late.Id, third.Id, last.Id], await ClaimedIdsAsync(10));
    }

    [Fact]
    public async Task No_more_jobs_come_than_were_asked_for()
    {
        await SubmitAsync([Spec(), Spec(), Spec()]);

        Assert.Equal(2, (await ClaimAsync(2)).Count);
        Assert.Single(await ClaimAsync(2));
        Assert.Empty(await ClaimAsync(0));
    }

    [Fact]
    public async Task Only_types_that_were_asked_for_come()
    {
        await GivenQueuedAsync("sleep");
        var square = await GivenQueuedAsync("square");

        Assert.Equal([square.Id], await ClaimedIdsAsync(10, "square", "unheard-of"));
    }

    [Fact]
    public async Task A_type_beyond_its_budget_is_passed_over()
    {
        await SubmitAsync([Spec(), Spec(), Spec("sleep"), Spec()]);
        var request = Claiming(10) with { TypeBudgets = new Dictionary<string, int> { ["square"] = 2 } };

        var claimed = await Queue.ClaimAsync(request, Token);

        Assert.Equal(["square", "square", "sleep"], claimed.Select(job => job.Type));
    }

    [Fact]
    public async Task A_type_without_budget_gives_nothing()
    {
        await GivenQueuedAsync();
        var request = Claiming(10) with { TypeBudgets = new Dictionary<string, int> { ["square"] = 0 } };

        Assert.Empty(await Queue.ClaimAsync(request, Token));
    }

    [Fact]
    public async Task A_job_past_its_expiry_is_never_claimed()
    {
        await GivenAsync(Spec() with { ExpiresAt = Now.AddSeconds(1) });
        var other = await GivenQueuedAsync();
        Pass(TimeSpan.FromSeconds(1));

        Assert.Equal([other.Id], await ClaimedIdsAsync(10));
    }

    [Fact]
    public async Task A_job_just_before_its_expiry_is_claimed()
    {
        await GivenAsync(Spec() with { ExpiresAt = Now.AddSeconds(1) });
        Pass(TimeSpan.FromMilliseconds(999));

        Assert.Single(await ClaimAsync());
    }

    [Fact]
    public async Task A_job_that_failed_once_has_started_and_no_longer_expires()
    {
        var running = await GivenRunningAsync(Spec() with { ExpiresAt = Now.AddSeconds(1) });
        await EndAsync(running, Outcomes.Retry());
        Pass(TimeSpan.FromHours(1));
        await AdvanceAsync();

        Assert.Equal([running.Id], await ClaimedIdsAsync(1));
    }

    [Fact]
    public async Task A_handed_back_job_comes_again_as_the_next_attempt_in_its_old_place()
    {
        var first = await GivenRunningAsync();
        await GivenQueuedAsync();
        await EndAsync(first, Outcomes.HandedBack);

        var again = Assert.Single(await ClaimAsync());

        Assert.Equal((first.Id, 2, 0), (again.Id, again.Attempt, again.Failures));
    }
}
