using System.Collections.Frozen;

namespace JobApi.Engine.Lifecycle;

/// <summary>How long finished jobs are kept, by the state they ended in.</summary>
/// <param name="Succeeded">For jobs that returned a result.</param>
/// <param name="Failed">For jobs that failed for good: somebody has to look at them.</param>
/// <param name="Canceled">For jobs that were canceled or expired.</param>
public sealed record RetentionPolicy(TimeSpan Succeeded, TimeSpan Failed, TimeSpan Canceled)
{
    /// <summary>A day, a week, a day.</summary>
    public static RetentionPolicy Default { get; } = new(TimeSpan.FromDays(1), TimeSpan.FromDays(7), TimeSpan.FromDays(1));

    /// <summary>Types whose jobs are kept by a rule of their own.</summary>
    public IReadOnlyDictionary<string, RetentionPolicy> ByType { get; init; } = FrozenDictionary<string, RetentionPolicy>.Empty;

    /// <summary>
    /// When a finished job may be deleted; null while it has not ended. The job's own wish goes before its type's rule, and that before the general one.
    /// What counts is the rule of today: who shortens it frees the disk of jobs that ended before.
    /// </summary>
    public DateTimeOffset? PurgeAt(Job job) => job.FinishedAt is { } ended ? ended + (job.Spec.Retention ?? Of(job.Type, job.State)) : null;

    /// <summary>How long jobs of a type that ended so are kept if they wish nothing else.</summary>
    public TimeSpan Of(string type, JobState ended) => ByType.TryGetValue(type, out var own) ? own.After(ended) : After(ended);

    private TimeSpan After(JobState ended) => ended switch
    {
        JobState.Succeeded => Succeeded,
        JobState.Failed => Failed,
        _ => Canceled,
    };
}
