using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Store.Tests.Model;

/// <summary>All jobs of a store at one moment, and what must follow from them.</summary>
public sealed class Snapshot(IReadOnlyDictionary<Guid, Job> jobs)
{
    public static Snapshot Empty { get; } = new(new Dictionary<Guid, Job>());

    public IReadOnlyDictionary<Guid, Job> Jobs { get; } = jobs;

    public static async Task<Snapshot> ReadAsync(IJobReader reader)
    {
        var jobs = new Dictionary<Guid, Job>();
        long? before = null;

        do
        {
            var page = await reader.ListAsync(new JobQuery(new JobFilter(), PageSize: 200, before), CancellationToken.None);
            before = page.Next;

            foreach (var job in page.Items)
            {
                jobs.Add(job.Id, job);
            }
        }
        while (before is not null);

        return new Snapshot(jobs);
    }

    /// <summary>The earliest instant at which time moves a job.</summary>
    public DateTimeOffset? NextDue => Jobs.Values
        .SelectMany(job => new[] { job.State == JobState.Scheduled ? job.RunAt : null, JobLifecycle.ExpiresAt(job), job.LeaseExpiresAt })
        .Where(at => at != DateTimeOffset.MaxValue)
        .Min();

    /// <summary>What a purge must take, and in which order.</summary>
    public IReadOnlyList<Guid> ExpectedPurge(PurgeRequest request)
    {
        var finished = Jobs.Values.Where(job => job.State.IsTerminal()).ToList();
        var due = finished.Where(job => RetentionPolicy.Default.PurgeAt(job) <= request.Now).OrderBy(RetentionPolicy.Default.PurgeAt).ThenBy(job => job.Sequence).ToList();

        foreach (var bound in request.Bounds)
        {
            var covered = finished.Except(due).Where(job => bound.Covers(job.Type, job.State)).OrderBy(job => job.FinishedAt).ThenBy(job => job.Sequence).ToList();
            var bytes = covered.Sum(JobSize.Of);

            foreach (var job in covered.TakeWhile(_ => bytes > bound.MaxBytes))
            {
                due.Add(job);
                bytes -= JobSize.Of(job);
            }
        }

        return [.. due.Take(request.Max).Select(job => job.Id)];
    }
}
