using JobApi.Engine.Storage;
using JobApi.Testing;

namespace JobApi.Store.Tests.Contract;

public abstract class PurgeContract<TStore> : StoreContract<TStore>
    where TStore : IStoreUnderTest, new()
{
    protected override StoreOptions Options => new() { MaxTombstones = 2 };

    [Fact]
    public async Task A_finished_job_is_taken_when_its_time_is_over_and_not_before()
    {
        var job = await GivenEndedAsync();
        Pass(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        Assert.Empty(await PurgeAsync());
        Pass(TimeSpan.FromSeconds(1));

        Assert.Equal([job.Id], await PurgeAsync());

        Assert.Null(await Reader.FindAsync(job.Id, Token));
        Assert.True(await Reader.IsGoneAsync(job.Id, Token));
        Assert.Empty((await Reader.ListAsync(new JobQuery(new JobFilter(), 10), Token)).Items);
    }

    [Fact]
    public async Task An_unfinished_job_is_never_taken()
    {
        await GivenRunningAsync();
        await GivenQueuedAsync();
        await GivenScheduledAsync(TimeSpan.FromHours(1));
        Pass(TimeSpan.FromDays(1000));

        Assert.Empty(await PurgeAsync(maxBytes: 0));
    }

    [Fact]
    public async Task A_requeued_job_is_no_longer_due_for_deletion()
    {
        await RequeueAsync(await GivenEndedAsync(Outcomes.Failed));
        Pass(TimeSpan.FromDays(1000));

        Assert.Empty(await PurgeAsync(maxBytes: 0));
    }

    [Fact]
    public async Task No_more_jobs_go_than_were_allowed()
    {
        await GivenEndedAsync();
        await GivenEndedAsync();
        await GivenEndedAsync();
        Pass(TimeSpan.FromDays(2));

        Assert.Equal(2, (await PurgeAsync(max: 2)).Count);
        Assert.Single(await PurgeAsync(max: 2));
        Assert.Empty(await PurgeAsync(max: 2));
    }

    [Fact]
    public async Task Over_the_byte_bound_the_jobs_that_ended_first_go()
    {
        var first = await EndedWithBytesAsync(100);
        var second = await EndedWithBytesAsync(50);
        var third = await EndedWithBytesAsync(30);

        Assert.Equal([first, second], await PurgeAsync(maxBytes: 30));
        Assert.Empty(await PurgeAsync(maxBytes: 30));
        Assert.Equal([third], await PurgeAsync(maxBytes: 29));
    }

    [Fact]
    public async Task Bytes_of_unfinished_jobs_do_not_push_finished_ones_out()
    {
        await EndedWithBytesAsync(10);
        await GivenAsync(Jobs.Spec(at: Now, payload: $"\"{new string('x', 1000)}\""));

        Assert.Empty(await PurgeAsync(maxBytes: 10));
    }

    [Fact]
    public async Task Only_the_latest_deleted_ids_are_remembered()
    {
        var jobs = new[] { await GivenEndedAsync(), await GivenEndedAsync(), await GivenEndedAsync() };

        foreach (var job in jobs)
        {
            await DeleteAsync(job);
        }

        Assert.False(await Reader.IsGoneAsync(jobs[0].Id, Token));
        Assert.True(await Reader.IsGoneAsync(jobs[1].Id, Token));
        Assert.True(await Reader.IsGoneAsync(jobs[2].Id, Token));
    }

    private async Task<Guid> EndedWithBytesAsync(int bytes)
    {
        Pass(TimeSpan.FromSeconds(1));
        var result = new string('1', bytes - 1);

        return (await GivenEndedAsync(Outcomes.Succeeded(result), Jobs.Spec(at: Now, payload: "1"))).Id;
    }
}
