using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Testing;

namespace JobApi.Store.Tests.Contract;

/// <summary>A job whose process died twice while it ran is handed out by itself, and only to a node that asks for such a job.</summary>
public abstract class SuspectContract<TStore> : StoreContract<TStore>
    where TStore : IStoreUnderTest, new()
{
    [Fact]
    public async Task An_ordinary_claim_passes_over_a_suspect()
    {
        var suspect = await GivenSuspectAsync(Spec() with { Priority = 100 });
        var other = await GivenQueuedAsync();

        Assert.Equal([other.Id], await ClaimedIdsAsync(10));
        Assert.Equal(JobState.Queued, (await FindAsync(suspect)).State);
    }

    [Fact]
    public async Task A_job_with_one_crash_is_no_suspect()
    {
        var job = await GivenRunningAsync(lease: TimeSpan.Zero);
        await AdvanceAsync();
        Pass(TimeSpan.FromHours(1));
        await AdvanceAsync();

        Assert.Empty(await ClaimSuspectAsync());
        Assert.Equal([job.Id], await ClaimedIdsAsync(1));
    }

    [Fact]
    public async Task A_claim_for_a_suspect_brings_one_however_many_it_asks_for_and_nothing_else()
    {
        var first = await GivenSuspectAsync();
        var second = await GivenSuspectAsync();
        await GivenAsync(Spec() with { Priority = 100 });

        var claimed = Assert.Single(await ClaimSuspectAsync(max: 10));

        Assert.Equal((first.Id, JobState.Running, first.Attempt + 1, 2), (claimed.Id, claimed.State, claimed.Attempt, claimed.Crashes));
        Assert.Equal([second.Id], Ids(await ClaimSuspectAsync(max: 10)));
        Assert.Empty(await ClaimSuspectAsync(max: 10));
        Assert.Empty(await ClaimSuspectAsync(max: 0));
    }

    [Fact]
    public async Task Suspects_come_in_the_order_of_claims_and_of_the_types_asked_for()
    {
        var late = await GivenSuspectAsync(Spec());
        var sleep = await GivenSuspectAsync(Spec("sleep") with { Priority = 100 });
        var urgent = await GivenSuspectAsync(Spec() with { Priority = 50 });

        Assert.Equal([urgent.Id], Ids(await ClaimSuspectAsync(types: "square")));
        Assert.Equal([sleep.Id], Ids(await ClaimSuspectAsync()));
        Assert.Equal([late.Id], Ids(await ClaimSuspectAsync()));
    }

    [Fact]
    public async Task A_suspect_has_no_place_among_the_others_and_is_ahead_of_nobody()
    {
        var suspect = await GivenSuspectAsync(Spec() with { Priority = 100 });
        var other = await GivenQueuedAsync();

        Assert.Null(await Reader.PlaceAsync(await FindAsync(suspect), 10, Token));
        Assert.Equal(1, await Reader.PlaceAsync(other, 10, Token));
    }

    [Fact]
    public async Task A_type_without_budget_gives_no_suspect()
    {
        await GivenSuspectAsync();
        var request = Claiming() with { IsForSuspect = true, TypeBudgets = new Dictionary<string, int> { ["square"] = 0 } };

        Assert.Empty(await Queue.ClaimAsync(request, Token));
    }

    [Fact]
    public async Task A_suspect_that_waits_does_not_keep_a_new_job_from_being_stored_already_claimed()
    {
        await GivenSuspectAsync();

        var outcome = Assert.Single(await Queue.InsertAsync(new InsertRequest([new Submission([Spec()])], Now, Claiming()), Token));

        Assert.Equal(JobState.Running, Assert.Single(Assert.IsType<InsertOutcome.Inserted>(outcome).Jobs).State);
    }

    [Fact]
    public async Task An_offer_for_a_suspect_claims_no_new_job()
    {
        await GivenSuspectAsync();
        var offer = Claiming() with { IsForSuspect = true };

        var outcome = Assert.Single(await Queue.InsertAsync(new InsertRequest([new Submission([Spec()])], Now, offer), Token));

        Assert.Equal(JobState.Queued, Assert.Single(Assert.IsType<InsertOutcome.Inserted>(outcome).Jobs).State);
    }

    [Fact]
    public async Task A_suspect_that_is_handed_back_is_still_one_and_one_that_a_person_retries_is_not()
    {
        var suspect = await GivenSuspectAsync();
        await EndAsync(Assert.Single(await ClaimSuspectAsync()), Outcomes.HandedBack);
        Assert.Empty(await ClaimAsync(10));

        await EndAsync(Assert.Single(await ClaimSuspectAsync()), Outcomes.Failed);
        await RequeueAsync(suspect);

        Assert.Equal([suspect.Id], await ClaimedIdsAsync(10));
    }

    [Fact]
    public async Task Counts_say_how_many_wait_to_run_alone()
    {
        Assert.Empty((await CountAsync()).SuspectsByType);
        await GivenSuspectAsync(Spec("sleep"));
        await GivenQueuedAsync();

        var waiting = await CountAsync();
        Assert.Equal((1, 2), (waiting.Suspects, waiting[JobState.Queued]));
        Assert.Equal(1, waiting.SuspectsByType["sleep"]);

        await ClaimSuspectAsync();
        Assert.Empty((await CountAsync()).SuspectsByType);
    }

    [Fact]
    public async Task Counts_say_how_many_of_them_no_pause_holds_up()
    {
        await GivenSuspectAsync();
        await GivenSuspectAsync(Spec() with { Queue = "mail" });
        await GivenSuspectAsync(Spec("sleep") with { Queue = "mail" });
        Assert.Equal([("sleep", 1), ("square", 2)], await OpenAsync());

        await PauseAsync("mail");
        Assert.Equal([("square", 1)], await OpenAsync());
        Assert.Equal(3, (await CountAsync()).Suspects);

        await ResumeAsync("mail");
        Assert.Equal([("sleep", 1), ("square", 2)], await OpenAsync());

        async Task<IEnumerable<(string, long)>> OpenAsync() => (await CountAsync()).OpenSuspectsByType.Select(type => (type.Key, type.Value)).Order();
    }
}
