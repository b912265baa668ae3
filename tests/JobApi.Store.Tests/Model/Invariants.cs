using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Store.Tests.Model;

/// <summary>What holds of every store after every command.</summary>
public static class Invariants
{
    public static async Task CheckAsync(Snapshot before, Snapshot after, IJobReader reader)
    {
        foreach (var job in after.Jobs.Values)
        {
            CheckShape(job);

            if (before.Jobs.TryGetValue(job.Id, out var old))
            {
                CheckMove(old, job);
            }
        }

        foreach (var vanished in before.Jobs.Values.Where(job => !after.Jobs.ContainsKey(job.Id)))
        {
            Assert.True(vanished.State.IsTerminal(), $"A {vanished.State} job was deleted.");
            Assert.True(await reader.IsGoneAsync(vanished.Id, CancellationToken.None));
        }

        Assert.True(
            after.Jobs.Values.Where(job => job.Spec.Unique is not null && !job.State.IsTerminal()).GroupBy(job => job.Spec.Unique!.Key).All(group => group.Count() == 1),
            "Two jobs hold one unique key.");

        CheckCounts(after, await reader.CountAsync(CancellationToken.None));
    }

    /// <summary>What each queue says of itself, and which queues there are.</summary>
    public static async Task CheckQueuesAsync(Snapshot after, Turns turns, IQueueSettings queues)
    {
        var unfinished = after.Jobs.Values.Where(job => !job.State.IsTerminal()).ToList();
        var expected = unfinished.Select(job => job.Queue).Union(turns.Restricted).Order(StringComparer.Ordinal).Select(queue => turns.SettingsOf(queue) with
        {
            Queued = Count(queue, JobState.Queued),
            Scheduled = Count(queue, JobState.Scheduled),
            Running = Count(queue, JobState.Running),
            OldestQueuedSince = unfinished.Where(job => job.Queue == queue && job.State == JobState.Queued).Min(job => (DateTimeOffset?)job.RunAt),
        });

        Assert.Equal(expected, await queues.ListAsync(new QueueQuery(100), CancellationToken.None));

        int Count(string queue, JobState state) => unfinished.Count(job => job.Queue == queue && job.State == state);
    }

    /// <summary>Which members a job has follows from its state.</summary>
    private static void CheckShape(Job job)
    {
        Assert.Equal(job.State.IsTerminal(), job.FinishedAt is not null);
        Assert.Equal(job.State == JobState.Running, job.LeaseExpiresAt is not null);
        Assert.Equal(job.State == JobState.Succeeded, job.Result is not null);
        Assert.True(job.Waiting is null || job.State == JobState.Scheduled, $"A {job.State} job waits because of {job.Waiting}.");
        Assert.True(job.Failures + job.Crashes <= job.Attempt, "More attempts were charged than made.");
    }

    private static void CheckMove(Job old, Job job)
    {
        if (old.Version == job.Version)
        {
            Assert.Equal(Comparable(old, job), Comparable(job, job));
            Assert.Equal(old.Spec.Payload.ToArray(), job.Spec.Payload.ToArray());
            Assert.Equal(old.Result?.ToArray(), job.Result?.ToArray());
            Assert.Equal(old.ResultFiles, job.ResultFiles);
            return;
        }

        Assert.True(job.Version > old.Version, "A version went down.");
        Assert.Equal(old.Sequence, job.Sequence);
        Assert.True(old.State == job.State || JobLifecycle.Moves.Contains((old.State, job.State)), $"{old.State} -> {job.State} is not a move.");
        Assert.Equal(old.State == JobState.Queued && job.State == JobState.Running ? old.Attempt + 1 : old.Attempt, job.Attempt);
    }

    /// <summary>Without what a lease or a log line may change, and without collections: a store that reads from a file makes new ones each time.</summary>
    private static Job Comparable(Job job, Job like) => job with
    {
        LeaseExpiresAt = null,
        HistoryBytes = 0,
        Spec = job.Spec with { Payload = default, Tags = like.Spec.Tags, Files = like.Spec.Files },
        Result = null,
        ResultFiles = like.ResultFiles,
    };

    private static void CheckCounts(Snapshot after, JobCounts counts)
    {
        var jobs = after.Jobs.Values;
        var queued = jobs.Where(job => job.State == JobState.Queued).ToList();

        Assert.All(Enum.GetValues<JobState>(), state => Assert.Equal(jobs.Count(job => job.State == state), counts[state]));
        Assert.Equal(queued.GroupBy(job => job.Queue).ToDictionary(group => group.Key, group => (long)group.Count()), counts.QueuedByQueue);
        Assert.Equal(queued.GroupBy(job => job.Type).ToDictionary(group => group.Key, group => (long)group.Count()), counts.QueuedByType);
        Assert.Equal(
            queued.Where(job => job.Crashes >= 2).GroupBy(job => job.Type).ToDictionary(group => group.Key, group => (long)group.Count()), counts.SuspectsByType);
        Assert.Equal(queued.Min(job => (DateTimeOffset?)job.RunAt), counts.OldestQueuedSince);
        Assert.Equal(jobs.Sum(JobSize.Of), counts.Bytes);
    }
}
