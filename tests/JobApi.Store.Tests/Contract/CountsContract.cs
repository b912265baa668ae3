using JobApi.Engine.Lifecycle;
using JobApi.Testing;

namespace JobApi.Store.Tests.Contract;

public abstract class CountsContract<TStore> : StoreContract<TStore>
    where TStore : IStoreUnderTest, new()
{
    [Fact]
    public async Task An_empty_store_counts_nothing()
    {
        var counts = await CountAsync();

        Assert.Equal((0, 0), (counts.Backlog, counts.Bytes));
        Assert.Null(counts.OldestQueuedSince);
    }

    [Fact]
    public async Task Every_job_is_counted_where_it_stands()
    {
        await GivenEndedAsync();
        await GivenEndedAsync(Outcomes.Failed);
        await GivenRunningAsync();
        await GivenQueuedAsync();
        await GivenQueuedAsync();
        await GivenScheduledAsync(TimeSpan.FromHours(1));
        await CancelAsync(await GivenScheduledAsync(TimeSpan.FromHours(1)));

        var counts = await CountAsync();

        Assert.Equal([1, 2, 1, 1, 1, 1], Enum.GetValues<JobState>().Select(state => counts[state]));
        Assert.Equal(4, counts.Backlog);
    }

    [Fact]
    public async Task Waiting_jobs_are_counted_by_queue_and_type()
    {
        await GivenAsync(Spec("sleep") with { Queue = "mail" });
        await GivenAsync(Spec() with { Queue = "mail" });
        await GivenAsync(Spec("sleep"));
        await GivenScheduledAsync(TimeSpan.FromHours(1));

        var counts = await CountAsync();

        Assert.Equal((2, 1), (counts.QueuedByQueue["mail"], counts.QueuedByQueue["default"]));
        Assert.Equal((2, 1), (counts.QueuedByType["sleep"], counts.QueuedByType["square"]));
    }

    [Fact]
    public async Task A_queue_that_has_emptied_leaves_nothing_behind()
    {
        await GivenRunningAsync(Spec() with { Queue = "once" });

        Assert.False((await CountAsync()).QueuedByQueue.ContainsKey("once"));
    }

    [Fact]
    public async Task The_longest_wait_is_that_of_the_job_due_first_whatever_its_priority()
    {
        var since = Now;
        await GivenAsync(Spec() with { Priority = -100 });
        Pass(TimeSpan.FromSeconds(5));
        await GivenAsync(Spec() with { Priority = 100 });

        Assert.Equal(since, (await CountAsync()).OldestQueuedSince);

        await ClaimAsync(2);
        Assert.Null((await CountAsync()).OldestQueuedSince);
    }

    [Fact]
    public async Task Bytes_are_those_of_all_jobs_held()
    {
        var ended = await GivenEndedAsync(Outcomes.Succeeded("12345"), Jobs.Spec(at: Now, payload: "\"1234\""));
        await GivenAsync(Jobs.Spec(at: Now, payload: "1"));
        Assert.Equal((2 * JobSize.Overhead) + JobSize.AttemptOverhead + 6 + 5 + 1, (await CountAsync()).Bytes);

        await DeleteAsync(ended);

        Assert.Equal(JobSize.Overhead + 1, (await CountAsync()).Bytes);
    }
}
