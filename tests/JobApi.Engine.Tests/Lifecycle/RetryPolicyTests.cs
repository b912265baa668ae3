using CsCheck;
using JobApi.Engine.Lifecycle;
using JobApi.Testing;

namespace JobApi.Engine.Tests.Lifecycle;

public sealed class RetryPolicyTests
{
    [Fact]
    public void A_handler_may_fail_as_often_as_its_budget_says_and_no_more() => Gen.Int[1, 20].Sample(maxAttempts =>
    {
        var job = Jobs.Running(Jobs.Spec() with { MaxAttempts = maxAttempts });
        var failures = 0;

        while (job.State == JobState.Running)
        {
            failures++;
            job = JobLifecycle.Complete(job, job.Ends(Outcomes.Retry(), Jobs.Start))!;
            job = job.State == JobState.Scheduled ? JobLifecycle.Claim(JobLifecycle.Wake(job), "node", Jobs.Start, DateTimeOffset.MaxValue) : job;
        }

        Assert.Equal((JobState.Failed, maxAttempts, maxAttempts), (job.State, failures, job.Failures));
    });

    [Fact]
    public void A_pause_the_cause_asked_for_lengthens_the_back_off_and_never_shortens_it() =>
        Gen.Select(Gen.Int[0, 100_000], Gen.Double[0, 1]).Sample((after, jitter) =>
        {
            var job = Jobs.Running();
            var own = job.Spec.Backoff.Delay(1, jitter);
            var asked = TimeSpan.FromMilliseconds(after);

            var completion = RetryPolicy.Settle(job, Outcomes.Retry(asked), Jobs.Start, TimeSpan.Zero, jitter);

            Assert.Equal(Jobs.Start + (asked > own ? asked : own), completion.RunAt);
        });

    [Fact]
    public void A_pause_that_is_negative_counts_as_none() =>
        Assert.True(Jobs.Running().Ends(Outcomes.Retry(TimeSpan.FromSeconds(-5)), Jobs.Start).RunAt > Jobs.Start);

    [Theory]
    [InlineData(-5_000, 1_000)]
    [InlineData(0, 1_000)]
    [InlineData(1, 1)]
    [InlineData(5_000, 5_000)]
    public void A_job_that_was_turned_away_always_waits_and_as_long_as_it_was_told(int asked, int pause) => Assert.Equal(
        Jobs.Start.AddMilliseconds(pause), Jobs.Running().Ends(Outcomes.Parked(TimeSpan.FromMilliseconds(asked)), Jobs.Start).RunAt);

    [Fact]
    public void A_failure_for_good_spends_no_further_attempt()
    {
        var completion = Jobs.Running().Ends(Outcomes.Failed, Jobs.Start);

        Assert.Equal((JobState.Failed, true), (completion.To, completion.ChargesFailure));
    }

    [Fact]
    public void Only_a_handler_that_said_no_is_charged()
    {
        JobOutcome[] free = [Outcomes.Succeeded(), Outcomes.Canceled, Outcomes.HandedBack, Outcomes.Parked(TimeSpan.FromSeconds(1))];

        Assert.All(free, outcome => Assert.False(Jobs.Running().Ends(outcome, Jobs.Start).ChargesFailure));
    }

    [Fact]
    public void Every_completion_names_its_attempt_and_its_end()
    {
        var job = Jobs.Running();

        var completion = RetryPolicy.Settle(job, Outcomes.Succeeded("1"), Jobs.Start.AddSeconds(2), TimeSpan.FromSeconds(1), 0, "worker-7");

        Assert.Equal((job.Lease, Jobs.Start.AddSeconds(2), TimeSpan.FromSeconds(1), "worker-7"),
            (completion.Lease, completion.At, completion.Duration, completion.Worker));
    }
}
