using JobApi.Engine.Diagnostics;

namespace JobApi.Engine.Submission;

/// <summary>When another try is worth it.</summary>
internal static class RetryAfter
{
    /// <summary>A stopping server is back, or another has taken over, in about this time.</summary>
    public static readonly TimeSpan Restart = TimeSpan.FromSeconds(5);

    /// <summary>Somebody has to make room on the disk, and that takes a while.</summary>
    public static readonly TimeSpan Disk = DiskSpace.FullFor;

    /// <summary>
    /// A full backlog has room again as soon as one job ends, so the time of an average job is the least worth waiting; 1 to 60 s.
    /// </summary>
    public static TimeSpan Room(TimeSpan averageDuration) => TimeSpan.FromSeconds(Math.Clamp(averageDuration.TotalSeconds, 1, 60));
}
