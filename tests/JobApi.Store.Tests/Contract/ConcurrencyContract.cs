using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Testing;

namespace JobApi.Store.Tests.Contract;

public abstract class ConcurrencyContract<TStore> : StoreContract<TStore>
    where TStore : IStoreUnderTest, new()
{
    [Fact]
    public async Task At_most_so_many_jobs_of_a_key_run_over_all_queues_and_types()
    {
        await SubmitAsync([Of("k", 2), Of("k", 2, "sleep") with { Queue = "mail" }, Of("k", 2) with { FairnessKey = "f" }, Of("other", 2)]);

        var running = await ClaimAsync(10);

        Assert.Equal(["k", "k", "other"], running.Select(job => job.Spec.ConcurrencyKey).Order());
        Assert.Empty(await ClaimAsync(10));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task However_a_job_ends_its_place_is_free_once(int outcome)
    {
        var first = await GivenRunningAsync(Of("k") with { MaxAttempts = 9 });
        await SubmitAsync([Of("k"), Of("k")]);
        Assert.Empty(await ClaimAsync(10));

        await EndAsync(first, outcome switch
        {
            0 => Outcomes.Succeeded(),
            1 => Outcomes.Failed,
            2 => Outcomes.Retry(),
            3 => Outcomes.Canceled,
            4 => Outcomes.HandedBack,
            _ => Outcomes.Parked(TimeSpan.FromHours(1)),
        });
        await EndAsync(first, Outcomes.Succeeded());

        Assert.Single(await ClaimAsync(10));
        Assert.Empty(await ClaimAsync(10));
    }

    [Fact]
    public async Task A_lost_attempt_frees_its_place()
    {
        await GivenRunningAsync(Of("k"), lease: TimeSpan.FromSeconds(1));
        var next = await GivenAsync(Of("k"));
        Pass(TimeSpan.FromSeconds(1));
        Assert.Empty(await ClaimAsync(10));
        await AdvanceAsync();

        Assert.Equal([next.Id], await ClaimedIdsAsync(10));
    }

    [Fact]
    public async Task A_cancellation_of_a_running_job_frees_its_place_when_it_has_ended()
    {
        var running = await GivenRunningAsync(Of("k"));
        var next = await GivenAsync(Of("k"));
        await CancelAsync(running);
        Assert.Empty(await ClaimAsync(10));

        await EndAsync(running, Outcomes.Canceled);
        await DeleteAsync(running);

        Assert.Equal([next.Id], await ClaimedIdsAsync(10));
    }

    [Fact]
    public async Task After_a_crash_every_place_is_free()
    {
        await GivenRunningAsync(Of("k"));
        var next = await GivenAsync(Of("k"));
        await ReopenAsync(crash: true);
        await AdvanceAsync();

        Assert.Equal([next.Id], await ClaimedIdsAsync(10));
        Assert.Empty(await ClaimAsync(10));
    }

    [Fact]
    public async Task Each_job_goes_by_its_own_limit()
    {
        await GivenRunningAsync(Of("k"));
        await GivenAsync(Of("k"));
        var generous = await GivenAsync(Of("k", 2));

        Assert.Equal([generous.Id], await ClaimedIdsAsync(10));
    }

    [Fact]
    public async Task A_job_with_a_key_is_not_stored_as_claimed_when_its_key_is_used_up()
    {
        await GivenRunningAsync(Of("k"));

        var outcomes = await Queue.InsertAsync(new InsertRequest([new Submission([Of("k")]), new Submission([Spec()])], Now, Claiming(5)), Token);

        Assert.Equal(JobState.Queued, Assert.Single(Assert.IsType<InsertOutcome.Inserted>(outcomes[0]).Jobs).State);
        Assert.Equal(2, (await CountAsync())[JobState.Running]);
    }

    [Fact]
    public async Task Of_many_submitted_at_once_for_idle_hands_no_more_than_the_limit_start()
    {
        await Queue.InsertAsync(new InsertRequest([.. Enumerable.Range(0, 5).Select(_ => new Submission([Of("k", 2)]))], Now, Claiming(5)), Token);

        Assert.Equal((2, 3), ((await CountAsync())[JobState.Running], (await CountAsync())[JobState.Queued]));
    }

    private JobSpec Of(string key, int limit = 1, string type = "square") => Spec(type) with { ConcurrencyKey = key, ConcurrencyLimit = limit };
}
