using JobApi.Engine.Lifecycle;

namespace JobApi.Store.Tests.Contract;

public abstract class TurnContract<TStore> : StoreContract<TStore>
    where TStore : IStoreUnderTest, new()
{
    [Fact]
    public async Task Keys_take_turns_and_within_a_key_order_stays()
    {
        await SubmitAsync([Of("a"), Of("a"), Of("a"), Of("b"), Of("c"), Of("b")]);

        Assert.Equal(["a", "b", "c", "a", "b", "a"], Keys(await ClaimAsync(10)));
        Assert.Empty(await ClaimAsync(10));
    }

    [Fact]
    public async Task Within_a_key_due_time_and_arrival_decide_across_types()
    {
        var third = await GivenAsync(Of("a") with { RunAt = Now.AddSeconds(-1) });
        var second = await GivenAsync(Of("a", "sleep") with { RunAt = Now.AddSeconds(-2) });
        var first = await GivenAsync(Of("a", "sleep") with { Priority = 1 });
        var fourth = await GivenAsync(Of("a", "sleep") with { RunAt = Now.AddSeconds(-1) });

        Assert.Equal([first.Id, second.Id, third.Id, fourth.Id], await ClaimedIdsAsync(10));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task However_long_one_backlog_is_another_keys_first_job_comes_within_two_claims(int max)
    {
        for (var sent = 0; sent < 5; sent++)
        {
            await SubmitAsync([.. Enumerable.Range(0, 200).Select(_ => Of("big"))]);
        }

        var before = await ClaimAsync(max);
        var late = await GivenAsync(Of("late"));
        var after = await ClaimAsync(2);

        Assert.Equal(max, before.Count);
        Assert.Contains(late.Id, Ids(after));
    }

    [Fact]
    public async Task Jobs_without_a_key_have_their_turn_as_one_and_queues_do_too()
    {
        await SubmitAsync([Spec(), Spec(), Spec(), Of("a"), Spec() with { Queue = "mail" }]);

        Assert.Equal(["-", "a", "-", "-", "-"], Keys(await ClaimAsync(10)));
    }

    [Fact]
    public async Task Priority_goes_before_turns()
    {
        await SubmitAsync([Of("a") with { Priority = 1 }, Of("b"), Of("a") with { Priority = 1 }, Of("a")]);

        Assert.Equal(["a", "a", "b", "a"], Keys(await ClaimAsync(10)));
    }

    [Fact]
    public async Task New_keys_join_behind_those_that_wait_so_that_nobody_is_starved()
    {
        await SubmitAsync([Of("old"), Of("old")]);
        await ClaimAsync();
        await SubmitAsync([Of("new-1"), Of("new-2")]);

        Assert.Equal(["old", "new-1", "new-2"], Keys(await ClaimAsync(10)));
    }

    [Fact]
    public async Task A_key_whose_type_is_not_asked_for_is_passed_over()
    {
        await SubmitAsync([Of("a"), Of("b", "sleep"), Of("a", "sleep"), Of("a", "sleep")]);

        Assert.Equal(["a", "b", "a"], Keys(await ClaimAsync(10, types: "sleep")));
        Assert.Equal(["a"], Keys(await ClaimAsync(10)));
    }

    [Fact]
    public async Task Canceled_jobs_use_up_no_turn_and_leave_the_next_ones_in_place()
    {
        var gone = await GivenAsync(Of("a"));
        await SubmitAsync([Of("b"), Of("a")]);
        await CancelAsync(gone);

        Assert.Equal(["a", "b"], Keys(await ClaimAsync(10)));
    }

    [Fact]
    public async Task A_place_counts_turns()
    {
        await SubmitAsync([Of("a"), Of("a"), Of("a"), Of("a")]);
        var job = await GivenAsync(Of("b"));
        var last = await GivenAsync(Of("a"));

        Assert.Equal(2, await Reader.PlaceAsync(job, 1_000, Token));
        Assert.Equal(6, await Reader.PlaceAsync(last, 1_000, Token));
        Assert.Null(await Reader.PlaceAsync(last, 5, Token));
    }

    [Fact]
    public async Task Keys_are_kept_with_the_job()
    {
        var job = await GivenAsync(Of("söme key: \u001f'\"") with { ConcurrencyKey = ".1:2", ConcurrencyLimit = 5 });
        await ReopenAsync();

        var found = (await FindAsync(job)).Spec;

        Assert.Equal(("söme key: \u001f'\"", ".1:2", 5), (found.FairnessKey, found.ConcurrencyKey, found.ConcurrencyLimit));
        Assert.Single(await ClaimAsync());
    }

    private JobSpec Of(string key, string type = "square") => Spec(type) with { FairnessKey = key };

    private static string[] Keys(IEnumerable<Job> jobs) => [.. jobs.Select(job => job.Spec.FairnessKey ?? "-")];
}
