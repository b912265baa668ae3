namespace JobApi.Engine.Lifecycle;

/// <summary>How long finished jobs are kept, by the state they ended in.</summary>
/// <param name="Succeeded">For jobs that returned a result.</param>
/// <param name="Failed">For jobs that failed for good: somebody has to look at them.</param>
/// <param name="Canceled">For jobs that were canceled or expired.</param>
public sealed record RetentionPolicy(TimeSpan Succeeded, TimeSpan Failed, TimeSpan Canceled)
{
    /// <summary>A day, a week, a day.</summary>
    public static RetentionPolicy Default { get; } = new(TimeSpan.FromDays(1), TimeSpan.FromDays(7), TimeSpan.FromDays(1));

    /// <summary>When a job that ends now may be deleted. The job's own wish goes before the rule.</summary>
    public DateTimeOffset PurgeAt(JobSpec spec, JobState ended, DateTimeOffset now) => now + (spec.Retention ?? ended switch
    {
        JobState.Succeeded => Succeeded,
        JobState.Failed => Failed,
        _ => Canceled,
    });
}
