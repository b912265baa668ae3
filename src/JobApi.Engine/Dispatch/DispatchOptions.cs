using System.ComponentModel.DataAnnotations;

namespace JobApi.Engine.Dispatch;

/// <summary>How jobs are given to workers.</summary>
public sealed class DispatchOptions
{
    /// <summary>
    /// How long a due job whose process died twice while it ran waits for a moment in which nothing else runs. After that nothing more is claimed until the
    /// jobs in hand have ended, and it runs alone. 0 to 1 hour. Default 30 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan SuspectPatience { get; set; } = TimeSpan.FromSeconds(30);
}
