using System.Text;
using JobApi.Engine.Lifecycle;
using JobApi.Testing;

namespace JobApi.Store.Tests.Contract;

public abstract class CompleteContract<TStore> : StoreContract<TStore>
    where TStore : IStoreUnderTest, new()
{
    [Fact]
    public async Task Success_keeps_the_result_bytes_and_ends_the_job()
    {
        var running = await GivenRunningAsync();
        Pass(TimeSpan.FromSeconds(1));

        await EndAsync(running, Outcomes.Succeeded("""{ "number":49 }"""));

        var job = await FindAsync(running);
        Assert.Equal((JobState.Succeeded, Now, "worker-1"), (job.State, job.FinishedAt, job.Worker));
        Assert.Equal("""{ "number":49 }""", Encoding.UTF8.GetString(job.Result!.Value.Span));
        Assert.Null(job.LeaseExpiresAt);
    }

    [Fact]
    public async Task A_failure_for_good_ends_the_job_with_its_error()
    {
        var job = await GivenEndedAsync(Outcomes.Failed);

        Assert.Equal((JobState.Failed, 1, "test"), (job.State, job.Failures, job.Error!.Type));
        Assert.Equal(Now, job.FinishedAt);
    }

    [Fact]
    public async Task A_failure_that_may_pass_is_scheduled_after_its_pause()
    {
        var job = await GivenEndedAsync(Outcomes.Retry(after: TimeSpan.FromMinutes(1)));

        Assert.Equal((JobState.Scheduled, 1, WaitingReason.Backoff), (job.State, job.Failures, job.Waiting));
        Assert.Equal(Now.AddMinutes(1), job.RunAt);
        Assert.Empty(await ClaimAsync());
    }

    [Fact]
    public async Task Failures_end_the_job_when_the_budget_is_spent()
    {
        var first = await GivenEndedAsync(Outcomes.Retry(), Spec() with { MaxAttempts = 2 });
        Pass(TimeSpan.FromHours(1));
        await AdvanceAsync();

        var second = await EndAsync(Assert.Single(await ClaimAsync()), Outcomes.Retry());

        Assert.Equal((JobState.Scheduled, JobState.Failed, 2), (first.State, second!.State, second.Failures));
    }

    [Fact]
    public async Task A_parked_job_waits_without_being_charged()
    {
        var job = await GivenEndedAsync(Outcomes.Parked(TimeSpan.FromSeconds(9), WaitingReason.CircuitOpen));

        Assert.Equal((JobState.Scheduled, WaitingReason.CircuitOpen, 0), (job.State, job.Waiting, job.Failures));
        Assert.Equal(Now.AddSeconds(9), job.RunAt);
    }

    [Fact]
    public async Task Complete_with_a_lost_lease_changes_nothing()
    {
        var stale = await GivenRunningAsync();
        await EndAsync(stale, Outcomes.HandedBack);
        var current = Assert.Single(await ClaimAsync());

        Assert.Null(await EndAsync(stale, Outcomes.Succeeded("\"late\"")));

        var job = await FindAsync(stale);
        Assert.Equal((JobState.Running, current.Attempt, current.Version), (job.State, job.Attempt, job.Version));
    }

    [Fact]
    public async Task Completing_twice_changes_nothing_more()
    {
        var running = await GivenRunningAsync();
        var ended = await EndAsync(running, Outcomes.Succeeded());

        Assert.Null(await EndAsync(running, Outcomes.Failed));

        Assert.Equal((JobState.Succeeded, ended!.Version), ((await FindAsync(running)).State, (await FindAsync(running)).Version));
    }

    [Fact]
    public async Task A_stale_end_does_not_fail_its_neighbours()
    {
        var stale = await GivenRunningAsync();
        await EndAsync(stale, Outcomes.Succeeded());
        var held = await GivenRunningAsync();
        var unknown = Jobs.Running();

        var changed = await Queue.CompleteAsync([.. new[] { stale, unknown, held }.Select(job => job.Ends(Outcomes.Succeeded(), Now))], Token);

        Assert.Equal([held.Id], Ids(changed));
    }

    [Fact]
    public async Task A_retry_of_a_job_somebody_canceled_is_canceled_instead()
    {
        var running = await GivenRunningAsync();
        await CancelAsync(running);

        var job = await EndAsync(running, Outcomes.Retry());

        Assert.Equal((JobState.Canceled, "test"), (job!.State, job.CancelReason));
        Assert.Equal(Now, job.FinishedAt);
    }

    [Fact]
    public async Task A_result_outweighs_a_cancellation()
    {
        var running = await GivenRunningAsync();
        await CancelAsync(running);

        Assert.Equal(JobState.Succeeded, (await EndAsync(running, Outcomes.Succeeded()))!.State);
    }
}
