using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Testing;

namespace JobApi.Store.Tests.Contract;

public abstract class IdempotencyContract<TStore> : StoreContract<TStore>
    where TStore : IStoreUnderTest, new()
{
    [Fact]
    public async Task The_same_key_and_body_give_the_same_job_as_it_stands_now()
    {
        await SubmitAsync([Spec()], Key());
        var running = Assert.Single(await ClaimAsync());

        var replayed = Assert.IsType<InsertOutcome.Replayed>(await SubmitAsync([Spec()], Key()));

        Assert.Equal((running.Id, JobState.Running), (Assert.Single(replayed.Jobs).Id, replayed.Jobs[0].State));
        Assert.Equal(1, (await CountAsync()).Backlog);
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        await SubmitAsync([Spec()], Key());

        Assert.IsType<InsertOutcome.KeyReused>(await SubmitAsync([Spec()], Key(fingerprint: 2)));

        Assert.Equal(1, (await CountAsync()).Backlog);
    }

    [Fact]
    public async Task Another_key_with_the_same_body_is_another_job()
    {
        await SubmitAsync([Spec()], Key("a"));

        Assert.IsType<InsertOutcome.Inserted>(await SubmitAsync([Spec()], Key("A")));
    }

    [Fact]
    public async Task Of_two_submissions_in_one_request_the_second_sees_the_first()
    {
        var outcomes = await Queue.InsertAsync(
            new InsertRequest([new Submission([Spec()], Key()), new Submission([Spec()], Key())], Now, Claiming(max: 2)), Token);

        var first = Assert.Single(Assert.IsType<InsertOutcome.Inserted>(outcomes[0]).Jobs);
        var second = Assert.Single(Assert.IsType<InsertOutcome.Replayed>(outcomes[1]).Jobs);
        Assert.Equal((first.Id, JobState.Running), (second.Id, second.State));
    }

    [Fact]
    public async Task A_key_whose_job_was_deleted_says_gone_until_it_expires()
    {
        await DeleteAsync(await GivenEndedWithKeyAsync(TimeSpan.FromHours(24)));
        Pass(TimeSpan.FromHours(23));
        await AdvanceAsync();
        await PurgeAsync();

        Assert.IsType<InsertOutcome.Gone>(await SubmitAsync([Spec()], Key()));
    }

    [Fact]
    public async Task A_key_is_forgotten_when_it_has_expired_and_its_job_is_gone()
    {
        await DeleteAsync(await GivenEndedWithKeyAsync(TimeSpan.FromHours(24)));
        Pass(TimeSpan.FromHours(24));
        await PurgeAsync();

        Assert.IsType<InsertOutcome.Inserted>(await SubmitAsync([Spec()], Key()));
    }

    [Fact]
    public async Task An_expired_key_is_kept_as_long_as_its_job()
    {
        await GivenEndedWithKeyAsync(TimeSpan.FromMinutes(1));
        Pass(TimeSpan.FromHours(1));
        await AdvanceAsync();
        await PurgeAsync();

        Assert.IsType<InsertOutcome.Replayed>(await SubmitAsync([Spec()], Key()));
    }

    [Fact]
    public async Task Several_jobs_under_one_key_come_back_together_until_all_are_gone()
    {
        await SubmitAsync([Spec(), Spec()], Key());
        var jobs = await ClaimAsync(2);
        await EndAsync(jobs[0], Outcomes.Succeeded());
        await EndAsync(jobs[1], Outcomes.Succeeded());

        await DeleteAsync(jobs[0]);
        Assert.Equal([jobs[1].Id], Ids(Assert.IsType<InsertOutcome.Replayed>(await SubmitAsync([Spec()], Key())).Jobs));

        await DeleteAsync(jobs[1]);
        Assert.IsType<InsertOutcome.Gone>(await SubmitAsync([Spec()], Key()));
    }

    [Fact]
    public async Task A_refused_submission_does_not_use_its_key_up()
    {
        var tooMany = Enumerable.Range(0, 1000).Select(_ => Spec()).ToList();

        Assert.IsType<InsertOutcome.Full>(await SubmitAsync(tooMany, Key()));

        Assert.IsType<InsertOutcome.Inserted>(await SubmitAsync([Spec()], Key(fingerprint: 2)));
    }

    protected override StoreOptions Options => new() { MaxBacklog = 100 };

    [Fact]
    public async Task A_submission_without_jobs_asks_what_became_of_its_key_and_leaves_no_trace()
    {
        Assert.Empty(Assert.IsType<InsertOutcome.Inserted>(await SubmitAsync([], Key())).Jobs);
        var job = Assert.Single(Assert.IsType<InsertOutcome.Inserted>(await SubmitAsync([Spec()], Key())).Jobs);

        Assert.Equal([job.Id], Ids(Assert.IsType<InsertOutcome.Replayed>(await SubmitAsync([], Key())).Jobs));
        Assert.IsType<InsertOutcome.KeyReused>(await SubmitAsync([], Key(fingerprint: 2)));
    }

    private IdempotencyKey Key(string value = "key", byte fingerprint = 1, TimeSpan? life = null) =>
        new(value, new byte[] { fingerprint }, Now + (life ?? TimeSpan.FromHours(24)));

    private async Task<Job> GivenEndedWithKeyAsync(TimeSpan life)
    {
        await SubmitAsync([Spec()], Key(life: life));

        return (await EndAsync(Assert.Single(await ClaimAsync()), Outcomes.Succeeded()))!;
    }
}
