using CsCheck;
using JobApi.Engine.Lifecycle;
using JobApi.Testing;

namespace JobApi.Engine.Tests.Lifecycle;

public sealed class JobLifecycleTests
{
    private static readonly Gen<JobOutcome> AnyOutcome = Gen.OneOf(
        Outcomes.Succeeded(), Outcomes.Failed, Outcomes.Retry(), Outcomes.Canceled, Outcomes.HandedBack, Outcomes.Parked(TimeSpan.FromSeconds(9)));

    private static readonly Gen<Job> AnyRunning = Gen.Select(Gen.Int[1, 50], Gen.Int[0, 5], Gen.Int[0, 2], Gen.Bool, Gen.Bool,
        (attempt, failures, crashes, isCanceled, hasExpiry) =>
            Jobs.Running(Jobs.Spec() with { ExpiresAt = hasExpiry ? Jobs.Start.AddMinutes(1) : null }) with
            {
                Attempt = attempt + failures + crashes,
                Failures = failures,
                Crashes = crashes,
                CancelRequestedAt = isCanceled ? Jobs.Start : null,
            });

    private static readonly Gen<Job> AnyJob = Gen.Select(AnyRunning, AnyOutcome, Gen.Int[0, 3], (running, outcome, how) => how switch
    {
        0 => running,
        1 => Jobs.Queued(running.Spec),
        2 => Jobs.Scheduled(running.Spec),
        _ => JobLifecycle.Complete(running, running.Ends(outcome, Jobs.Start))!,
    });

    [Fact]
    public void Ends_of_attempts_make_only_legal_moves_and_new_versions() => Gen.Select(AnyRunning, AnyOutcome).Sample((job, outcome) =>
        AssertMoved(job, JobLifecycle.Complete(job, job.Ends(outcome, Jobs.Start))!));

    [Fact]
    public void Lost_leases_make_only_legal_moves_and_new_versions() => Gen.Select(AnyRunning, Gen.Double[0, 1]).Sample((job, jitter) =>
        AssertMoved(job, JobLifecycle.Lose(job, Jobs.Start, jitter)));

    [Fact]
    public void People_make_only_legal_moves() => AnyJob.Sample(job =>
    {
        if (JobLifecycle.Requeue(job, Jobs.Start) is { } requeued)
        {
            AssertMoved(job, requeued);
        }

        if (JobLifecycle.Cancel(job, Jobs.Asked("why"), Jobs.Start) is { } canceled && !ReferenceEquals(canceled, job))
        {
            Assert.True(canceled.State == job.State || JobLifecycle.Moves.Contains((job.State, canceled.State)));
            Assert.Equal(job.Version + 1, canceled.Version);
        }
    });

    [Fact]
    public void The_clock_and_the_workers_make_only_legal_moves()
    {
        AssertMoved(Jobs.Scheduled(), JobLifecycle.Wake(Jobs.Scheduled()));
        AssertMoved(Jobs.Queued(), JobLifecycle.Claim(Jobs.Queued(), "node", Jobs.Start, Jobs.Start));
        AssertMoved(Jobs.Queued(), JobLifecycle.Expire(Jobs.Queued(), Jobs.Start));
        AssertMoved(Jobs.Scheduled(), JobLifecycle.Expire(Jobs.Scheduled(), Jobs.Start));
    }

    [Fact]
    public void A_claim_is_a_new_attempt_without_traces_of_the_one_before() => AnyRunning.Sample(ran =>
    {
        var queued = JobLifecycle.Complete(ran with { CancelRequestedAt = null }, ran.Ends(Outcomes.HandedBack, Jobs.Start))!;

        var next = JobLifecycle.Claim(queued, "node-2", Jobs.Start.AddSeconds(1), Jobs.Start.AddSeconds(31));

        Assert.Equal((ran.Attempt + 1, "node-2", null, null, null), (next.Attempt, next.Node, next.Worker, next.Duration, next.Progress));
        Assert.Equal(new Lease(ran.Id, ran.Attempt + 1, Jobs.Start.AddSeconds(31)), next.Lease);
    });

    [Fact]
    public void A_job_that_starts_as_it_is_submitted_is_one_that_was_submitted_and_claimed() => AnyRunning.Sample(any =>
    {
        var (spec, now, until) = (any.Spec with { RunAt = Jobs.Start.AddSeconds(-1) }, Jobs.Start.AddSeconds(1), Jobs.Start.AddSeconds(31));

        Assert.Equal(JobLifecycle.Claim(Job.Submitted(spec, now, 7), "node", now, until), JobLifecycle.Start(spec, 7, "node", now, until));
    });

    [Fact]
    public void Every_attempt_that_ends_is_charged() => Gen.Select(AnyRunning, AnyOutcome, Gen.Long[0, 10_000]).Sample((running, outcome, before) =>
    {
        var job = running with { HistoryBytes = before };
        var completion = job.Ends(outcome, Jobs.Start);
        var lost = JobLifecycle.Lose(job, Jobs.Start, 0);

        Assert.Equal(before + JobSize.OfAttempt(completion.Error), JobLifecycle.Complete(job, completion)!.HistoryBytes);
        Assert.Equal(before + JobSize.OfAttempt(lost.Error), lost.HistoryBytes);
    });

    [Fact]
    public void An_end_of_another_attempt_changes_nothing() => Gen.Select(AnyRunning, AnyOutcome, Gen.Int[-3, 3]).Where((_, _, off) => off != 0)
        .Sample((job, outcome, off) =>
        {
            var stale = job with { Attempt = job.Attempt + off };

            Assert.Null(JobLifecycle.Complete(job, stale.Ends(outcome, Jobs.Start)));
        });

    [Fact]
    public void An_end_of_a_job_that_does_not_run_changes_nothing() => Gen.Select(AnyJob, AnyOutcome).Where((job, _) => job.State != JobState.Running)
        .Sample((job, outcome) => Assert.Null(JobLifecycle.Complete(job, job.Ends(outcome, Jobs.Start))));

    [Fact]
    public void A_canceled_job_never_runs_again_by_itself() => Gen.Select(AnyRunning, AnyOutcome).Sample((running, outcome) =>
    {
        var job = running with { CancelRequestedAt = Jobs.Start };

        Assert.True(JobLifecycle.Complete(job, job.Ends(outcome, Jobs.Start))!.State.IsTerminal());
        Assert.Equal(JobState.Canceled, JobLifecycle.Lose(job, Jobs.Start, 0).State);
    });

    [Fact]
    public void A_result_outweighs_a_cancellation()
    {
        var job = Jobs.Running() with { CancelRequestedAt = Jobs.Start };

        Assert.Equal(JobState.Succeeded, JobLifecycle.Complete(job, job.Ends(Outcomes.Succeeded(), Jobs.Start))!.State);
        Assert.Equal(JobState.Failed, JobLifecycle.Complete(job, job.Ends(Outcomes.Failed, Jobs.Start))!.State);
    }

    [Fact]
    public void Success_clears_the_error_of_an_earlier_attempt_and_only_success_does()
    {
        var job = Jobs.Running() with { Error = new JobError("old", "Old", "Old", 1) };

        Assert.Null(JobLifecycle.Complete(job, job.Ends(Outcomes.Succeeded(), Jobs.Start))!.Error);
        Assert.Equal("old", JobLifecycle.Complete(job, job.Ends(Outcomes.HandedBack, Jobs.Start))!.Error!.Type);
    }

    [Fact]
    public void The_third_crash_ends_a_job_and_failures_do_not_count_as_crashes() => AnyRunning.Where(job => job.CancelRequestedAt is null).Sample(job =>
    {
        var lost = JobLifecycle.Lose(job, Jobs.Start, 0);

        Assert.Equal(job.Crashes == 2 ? JobState.Failed : JobState.Scheduled, lost.State);
        Assert.Equal((job.Crashes + 1, job.Failures), (lost.Crashes, lost.Failures));
    });

    [Fact]
    public void A_retry_by_a_person_gives_the_whole_budget_but_never_an_old_attempt() => AnyRunning.Sample(running =>
    {
        var failed = JobLifecycle.Complete(running, running.Ends(Outcomes.Failed, Jobs.Start))!;

        var job = JobLifecycle.Requeue(failed, Jobs.Start.AddHours(1))!;

        Assert.Equal((0, 0, running.Attempt, Jobs.Start.AddHours(1)), (job.Failures, job.Crashes, job.Attempt, job.RunAt));
        Assert.Equal((null, null, null), (job.FinishedAt, job.CancelRequestedAt, job.Spec.ExpiresAt));
    });

    [Fact]
    public void A_job_expires_only_while_it_waits_and_was_never_charged() => AnyJob.Sample(job => Assert.Equal(
        job.State is JobState.Queued or JobState.Scheduled && job.Failures + job.Crashes == 0 ? job.Spec.ExpiresAt : null,
        JobLifecycle.ExpiresAt(job)));

    [Fact]
    public void A_finished_job_has_an_end_and_a_time_to_go_and_others_do_not() => AnyJob.Sample(job =>
        Assert.Equal((job.State.IsTerminal(), job.State.IsTerminal()), (job.FinishedAt is not null, RetentionPolicy.Default.PurgeAt(job) is not null)));

    private static void AssertMoved(Job before, Job after)
    {
        Assert.Contains((before.State, after.State), JobLifecycle.Moves);
        Assert.Equal(before.Version + 1, after.Version);
        Assert.Equal(after.State == JobState.Running, after.LeaseExpiresAt is not null);
        Assert.Equal(after.State.IsTerminal(), after.FinishedAt is not null);
        Assert.True(after.Attempt >= before.Attempt);
    }
}
