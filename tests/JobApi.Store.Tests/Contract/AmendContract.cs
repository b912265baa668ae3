using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Testing;

namespace JobApi.Store.Tests.Contract;

public abstract class AmendContract<TStore> : StoreContract<TStore>
    where TStore : IStoreUnderTest, new()
{
    [Fact]
    public async Task A_higher_priority_lets_a_waiting_job_go_first()
    {
        var (first, second) = (await GivenQueuedAsync(), await GivenQueuedAsync());

        Assert.Equal(ControlResult.Done, await AmendAsync(second, new JobAmendment { Priority = 5 }));

        Assert.Equal([second.Id, first.Id], await ClaimedIdsAsync(2));
        Assert.Equal((5, 3), ((await FindAsync(second)).Spec.Priority, (await FindAsync(second)).Version));
    }

    [Fact]
    public async Task A_start_time_in_the_future_makes_a_queued_job_wait_for_it()
    {
        var job = await GivenQueuedAsync();

        await AmendAsync(job, new JobAmendment { RunAt = Now.AddMinutes(1) });

        Assert.Equal((JobState.Scheduled, Now.AddMinutes(1)), ((await FindAsync(job)).State, (await FindAsync(job)).RunAt));
        Assert.Empty(await ClaimAsync());
        Assert.Equal(Now.AddMinutes(1), (await AdvanceAsync()).NextDue);
        Assert.Empty((await CountAsync()).QueuedByType);
        Pass(TimeSpan.FromMinutes(1));
        await AdvanceAsync();
        Assert.Equal([job.Id], await ClaimedIdsAsync(1));
    }

    [Fact]
    public async Task A_start_time_in_the_past_makes_a_scheduled_job_due_now()
    {
        var job = await GivenScheduledAsync(TimeSpan.FromHours(1));

        await AmendAsync(job, new JobAmendment { RunAt = Now.AddMinutes(-1) });

        Assert.Equal((JobState.Queued, Now), ((await FindAsync(job)).State, (await FindAsync(job)).RunAt));
        Assert.Equal([job.Id], await ClaimedIdsAsync(1));
    }

    [Fact]
    public async Task Tags_are_set_and_taken_away_by_name()
    {
        var job = await GivenAsync(Spec() with { Tags = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" } });

        await AmendAsync(job, new JobAmendment { Tags = new Dictionary<string, string?> { ["b"] = null, ["c"] = "3" } });
        var kept = (await FindAsync(job)).Spec.Tags;
        var found = await Reader.ListAsync(new JobQuery(new JobFilter { Tags = new Dictionary<string, string> { ["c"] = "3" } }, 10), Token);
        await AmendAsync(job, new JobAmendment { Tags = new Dictionary<string, string?> { ["a"] = null, ["c"] = null } });

        Assert.Equal(new Dictionary<string, string> { ["a"] = "1", ["c"] = "3" }, kept);
        Assert.Equal([job.Id], Ids(found.Items));
        Assert.Empty((await FindAsync(job)).Spec.Tags);
    }

    [Fact]
    public async Task A_job_never_has_too_many_tags()
    {
        var job = await GivenAsync(Spec() with { Tags = Enumerable.Range(0, JobSpec.MaxTags).ToDictionary(number => $"{number}", _ => "x") });

        Assert.Equal(ControlResult.TooMuch, await AmendAsync(job, new JobAmendment { Tags = new Dictionary<string, string?> { ["one more"] = "x" } }));
        Assert.Equal(ControlResult.Done, await AmendAsync(job, new JobAmendment { Tags = new Dictionary<string, string?> { ["one more"] = "x", ["0"] = null } }));

        Assert.Equal(JobSpec.MaxTags, (await FindAsync(job)).Spec.Tags.Count);
    }

    [Fact]
    public async Task What_has_started_stays_as_it_is()
    {
        var running = await GivenRunningAsync();
        var failedOnce = await GivenEndedAsync(Outcomes.Retry());
        var ended = await GivenEndedAsync();

        foreach (var job in new[] { running, failedOnce, ended })
        {
            Assert.Equal(ControlResult.WrongState, await AmendAsync(job, new JobAmendment { Priority = 9 }));
            Assert.Equal(job.Version, (await FindAsync(job)).Version);
        }
    }

    [Fact]
    public async Task What_was_handed_back_has_not_started()
    {
        var handedBack = await GivenEndedAsync(Outcomes.HandedBack);

        Assert.Equal(ControlResult.Done, await AmendAsync(handedBack, new JobAmendment { Priority = 9 }));
    }

    [Fact]
    public async Task A_version_that_has_passed_changes_nothing()
    {
        var job = await GivenQueuedAsync();
        var atFirst = JobSelection.Of(job.Id) with { Versions = new HashSet<long> { 1, 7 } };

        var first = Assert.Single(await Control.AmendAsync(atFirst, new JobAmendment { Priority = 1 }, Now, Token));
        var second = Assert.Single(await Control.AmendAsync(atFirst, new JobAmendment { Priority = 2 }, Now, Token));
        var cancel = Assert.Single(await Control.CancelAsync(atFirst, Jobs.Asked(), Now, Token));

        Assert.Equal((ControlResult.Done, ControlResult.NotMeant, ControlResult.NotMeant), (first.Result, second.Result, cancel.Result));
        Assert.Equal((JobState.Queued, 1, 2), ((await FindAsync(job)).State, (await FindAsync(job)).Spec.Priority, cancel.Job!.Version));
    }

    [Fact]
    public async Task A_version_that_has_passed_is_neither_requeued_nor_deleted()
    {
        var job = await GivenEndedAsync(Outcomes.Failed);
        var before = JobSelection.Of(job.Id) with { Versions = new HashSet<long> { job.Version - 1 } };
        var now = before with { Versions = new HashSet<long> { job.Version } };

        var requeue = Assert.Single(await Control.RequeueAsync(before, Now, Token));
        var delete = Assert.Single(await Control.DeleteAsync(before, Token));

        Assert.Equal((ControlResult.NotMeant, ControlResult.NotMeant), (requeue.Result, delete.Result));
        Assert.Equal((JobState.Failed, job.Version), ((await FindAsync(job)).State, (await FindAsync(job)).Version));
        Assert.Equal(ControlResult.Done, Assert.Single(await Control.DeleteAsync(now, Token)).Result);
    }

    private async Task<ControlResult> AmendAsync(Job job, JobAmendment change) =>
        Assert.Single(await Control.AmendAsync(JobSelection.Of(job.Id), change, Now, Token)).Result;
}
