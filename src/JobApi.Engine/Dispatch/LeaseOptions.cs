using System.ComponentModel.DataAnnotations;

namespace JobApi.Engine.Dispatch;

/// <summary>How long a claim lasts on a store that several processes share. On other stores a claim has no end.</summary>
public sealed class LeaseOptions
{
    /// <summary>
    /// How long a job stays claimed after the last renewal, so also how long a job of a dead process waits before it runs
    /// elsewhere. It is renewed every third of it. 5 s to 1 hour. Default 30 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan Duration { get; set; } = TimeSpan.FromSeconds(30);
}
