using System.ComponentModel.DataAnnotations;

namespace JobApi.Engine.Upkeep;

/// <summary>The line in the log that says how it goes.</summary>
public sealed class StatsOptions
{
    /// <summary>Whether it is written. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The pause between two lines; 10 ms to 1 hour. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(2);
}
