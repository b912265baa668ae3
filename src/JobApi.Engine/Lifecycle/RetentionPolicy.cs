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

    /// <summary>When a job that ends now may be deleted. The job's own wish goes before its type's rule, and that before the general one.</summary>
    public DateTimeOffset PurgeAt(JobSpec spec, JobState ended, DateTimeOffset now) =>
        now + (spec.Retention ?? (ByType.TryGetValue(spec.Type, out var own) ? own.After(ended) : After(ended)));

    private TimeSpan After(JobState ended) => ended switch
    {
        JobState.Succeeded => Succeeded,
        JobState.Failed => Failed,
        _ => Canceled,
    };
}
