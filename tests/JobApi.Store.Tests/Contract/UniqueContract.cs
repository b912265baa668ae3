using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Testing;

namespace JobApi.Store.Tests.Contract;

public abstract class UniqueContract<TStore> : StoreContract<TStore>
    where TStore : IStoreUnderTest, new()
{
    [Fact]
    public async Task A_key_that_is_held_refuses_and_stores_nothing()
    {
        var holder = await GivenAsync(Unique("k"));

        var held = Assert.IsType<InsertOutcome.UniqueKeyHeld>(await SubmitAsync([Unique("k"), Spec()]));

        Assert.Equal([holder.Id], Ids(held.Holders));
        Assert.Equal(1, (await CountAsync()).Backlog);
        Assert.Equal("k", (await FindAsync(holder)).Spec.Unique?.Key);
    }

    [Fact]
    public async Task A_key_that_is_held_gives_its_holder_to_who_asks_for_it_and_stores_the_others()
    {
        var holder = await GivenAsync(Unique("k"));
        var other = Spec("sleep");

        var stored = Assert.IsType<InsertOutcome.Inserted>(await SubmitAsync([Unique("k", UniqueConflict.Return), other]));

        Assert.Equal(([other.Id], [holder.Id]), (Ids(stored.Jobs), Ids(stored.Existing)), Same);
        Assert.Equal(2, (await CountAsync()).Backlog);
    }

    [Fact]
    public async Task Of_two_submissions_in_one_request_the_second_finds_the_first()
    {
        var (first, second) = (Unique("k"), Unique("k", UniqueConflict.Return));

        var outcomes = await Queue.InsertAsync(new InsertRequest([new Submission([first]), new Submission([second]), new Submission([Unique("k")])], Now, Claiming()), Token);

        Assert.Equal([first.Id], Ids(Assert.IsType<InsertOutcome.Inserted>(outcomes[1]).Existing));
        Assert.Equal([first.Id], Ids(Assert.IsType<InsertOutcome.UniqueKeyHeld>(outcomes[2]).Holders));
        Assert.Equal(1, (await CountAsync()).Backlog);
    }

    [Fact]
    public async Task A_key_is_held_while_its_job_waits_and_runs_and_is_free_when_it_has_ended()
    {
        var job = await GivenAsync(Unique("k") with { RunAt = Now.AddSeconds(1) });
        Assert.IsType<InsertOutcome.UniqueKeyHeld>(await SubmitAsync([Unique("k")]));
        Pass(TimeSpan.FromSeconds(1));
        await AdvanceAsync();
        var running = Assert.Single(await ClaimAsync());
        Assert.IsType<InsertOutcome.UniqueKeyHeld>(await SubmitAsync([Unique("k")]));
        await EndAsync(running, Outcomes.Retry());
        Assert.IsType<InsertOutcome.UniqueKeyHeld>(await SubmitAsync([Unique("k")]));

        await CancelAsync(job);

        Assert.IsType<InsertOutcome.Inserted>(await SubmitAsync([Unique("k")]));
    }

    [Fact]
    public async Task Keys_are_compared_as_they_stand()
    {
        await GivenAsync(Unique("k"));

        Assert.Single(Assert.IsType<InsertOutcome.Inserted>(await SubmitAsync([Unique("K")])).Jobs);
        Assert.Single(Assert.IsType<InsertOutcome.Inserted>(await SubmitAsync([Unique("k ")])).Jobs);
    }

    [Fact]
    public async Task A_retry_needs_its_key_again()
    {
        var ended = await GivenEndedAsync(Outcomes.Failed, Unique("k"));
        var holder = await GivenAsync(Unique("k"));

        Assert.Equal(ControlResult.UniqueKeyHeld, await RequeueAsync(ended));
        Assert.Equal(JobState.Failed, (await FindAsync(ended)).State);
        await CancelAsync(holder);
        Assert.Equal(ControlResult.Done, await RequeueAsync(ended));

        Assert.IsType<InsertOutcome.UniqueKeyHeld>(await SubmitAsync([Unique("k")]));
    }

    [Fact]
    public async Task A_submission_that_stored_nothing_does_not_use_its_idempotency_key_up()
    {
        var key = new IdempotencyKey("once", new byte[] { 1 }, Now.AddHours(24));
        var holder = await GivenAsync(Unique("k"));
        Assert.Single(Assert.IsType<InsertOutcome.Inserted>(await SubmitAsync([Unique("k", UniqueConflict.Return)], key)).Existing);
        await CancelAsync(holder);

        Assert.Single(Assert.IsType<InsertOutcome.Inserted>(await SubmitAsync([Unique("k", UniqueConflict.Return)], key)).Jobs);
        Assert.IsType<InsertOutcome.Replayed>(await SubmitAsync([Unique("k", UniqueConflict.Return)], key));
    }

    private static IEqualityComparer<(Guid[], Guid[])> Same { get; } = EqualityComparer<(Guid[] One, Guid[] Two)>.Create(
        (one, other) => one.One.SequenceEqual(other.One) && one.Two.SequenceEqual(other.Two));

    private JobSpec Unique(string key, UniqueConflict onConflict = UniqueConflict.Reject) => Spec() with { Unique = new UniqueKey(key, onConflict) };
}
