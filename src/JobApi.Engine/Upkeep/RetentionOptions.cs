using System.ComponentModel.DataAnnotations;
using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Upkeep;

/// <summary>How long finished jobs are kept. A job's own <c>retentionSeconds</c> goes before the age; the bytes bound them all.</summary>
public sealed class RetentionOptions
{
    /// <summary>For jobs that succeeded; 0 to 10 years. Default 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan Succeeded { get; set; } = RetentionPolicy.Default.Succeeded;

    /// <summary>For jobs that failed; 0 to 10 years. Default 7 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan Failed { get; set; } = RetentionPolicy.Default.Failed;

    /// <summary>For jobs that were canceled; 0 to 10 years. Default 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan Canceled { get; set; } = RetentionPolicy.Default.Canceled;

    /// <summary>The most bytes of payloads and results that finished jobs keep; beyond it those that ended first go. 0 to 1 TiB. Default 256 MiB.</summary>
    [Range(0, 1L << 40)]
    public long MaxBytes { get; set; } = 256L << 20;

    /// <summary>The pause between two rounds; 10 ms to 1 day. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    internal RetentionPolicy ToPolicy() => new(Succeeded, Failed, Canceled);
}
