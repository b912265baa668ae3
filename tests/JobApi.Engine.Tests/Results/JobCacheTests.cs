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
        var cache = new JobCache(new ResultsOptions { MaxJobs = 100, MaxBytes = 100 });
        var small = NewJob(payload: 30);

        cache.Put(small);
        cache.Put(small with { Version = 2, Result = new byte[40] });
        Assert.Equal(70, cache.Bytes);

        cache.Put(NewJob(payload: 60));
        Assert.Equal((1, 60L), (cache.Count, cache.Bytes));
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

    private static Job NewJob(int payload = 0) => Job.Submitted(
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
        Now);
}
