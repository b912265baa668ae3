using JobApi.Engine.Lifecycle;
using JobApi.Engine.Results;

namespace JobApi.Engine.Tests.Results;

public sealed class JobCacheTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_older_snapshot_never_replaces_a_newer_one()
    {
        var cache = new JobCache(new ResultsOptions());
        var job = NewJob();

        cache.Put(job with { Version = 3 });
        cache.Put(job with { Version = 2 });

        Assert.Equal(3, cache.Find(job.Id)!.Version);
    }

    [Fact]
    public void The_first_to_come_are_the_first_to_go()
    {
        var cache = new JobCache(new ResultsOptions { MaxJobs = 2 });
        Job[] jobs = [NewJob(), NewJob(), NewJob()];

        Array.ForEach(jobs, cache.Put);

        Assert.Equal([false, true, true], jobs.Select(job => cache.Find(job.Id) is not null));
    }

    [Fact]
    public void Bytes_are_bounded_as_well_as_jobs_and_never_miscounted()
    {
        var cache = new JobCache(new ResultsOptions { MaxJobs = 100, MaxBytes = JobSize.Overhead + 100 });
        var small = NewJob(payload: 30);

        cache.Put(small);
        cache.Put(small with { Version = 2, Result = new byte[40] });
        Assert.Equal(JobSize.Overhead + 70, cache.Bytes);

        cache.Put(NewJob(payload: 60));
        Assert.Equal((1, JobSize.Overhead + 60L), (cache.Count, cache.Bytes));
    }

    [Fact]
    public void A_removed_job_does_not_come_back_with_a_late_snapshot()
    {
        var cache = new JobCache(new ResultsOptions());
        var job = NewJob();
        cache.Put(job);

        cache.Remove(job.Id);
        cache.Put(job with { Version = 9 });

        Assert.Null(cache.Find(job.Id));
        Assert.Equal(0, cache.Bytes);
    }

    [Fact]
    public void A_snapshot_that_comes_after_its_job_was_dropped_does_not_bring_an_old_state_back()
    {
        var cache = new JobCache(new ResultsOptions { MaxJobs = 1 });
        var late = NewJob(sequence: 1);
        cache.Put(late with { Version = 3, State = JobState.Succeeded });
        cache.Put(NewJob(sequence: 2));

        cache.Put(late);
        cache.Put(late with { Version = 2, State = JobState.Running });

        Assert.Null(cache.Find(late.Id));
        Assert.Equal(1, cache.Count);
    }

    [Fact]
    public void An_end_that_is_announced_late_is_kept_unless_somebody_asked_for_the_job_again()
    {
        var cache = new JobCache(new ResultsOptions { MaxJobs = 1 });
        var (ended, again) = (NewJob(sequence: 1), NewJob(sequence: 2));
        cache.Put(again with { Version = 4, Attempt = 1 });
        cache.Put(NewJob(sequence: 3));

        cache.Put(again with { Version = 3, Attempt = 1, State = JobState.Failed });
        Assert.Null(cache.Find(again.Id));

        cache.Put(ended with { Version = 3, State = JobState.Succeeded });
        Assert.Equal(JobState.Succeeded, cache.Find(ended.Id)!.State);
    }

    private static Job NewJob(int payload = 0, long sequence = 0) => Job.Submitted(
        new JobSpec
        {
            Id = Guid.NewGuid(),
            Type = "t",
            Payload = new byte[payload],
            CreatedAt = Now,
            RunAt = Now,
            Timeout = TimeSpan.FromMinutes(1),
            MaxAttempts = 1,
            Backoff = Backoff.Default,
        },
        Now,
        sequence);
}
