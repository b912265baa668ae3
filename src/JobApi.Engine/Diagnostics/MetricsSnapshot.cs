namespace JobApi.Engine.Diagnostics;

/// <summary>How it goes, counted since the process started.</summary>
public sealed record MetricsSnapshot
{
    /// <summary>Over all jobs.</summary>
    public required JobFigures Total { get; init; }

    /// <summary>By registered type that has been used.</summary>
    public required IReadOnlyDictionary<string, JobFigures> ByType { get; init; }

    /// <summary>By queue that has been used; queues beyond the label bound are summed under <c>(other)</c>.</summary>
    public required IReadOnlyDictionary<string, JobFigures> ByQueue { get; init; }
}

/// <summary>Counts and durations of a group of jobs.</summary>
public sealed record JobFigures
{
    /// <summary>Jobs accepted.</summary>
    public required long Submitted { get; init; }

    /// <summary>Jobs that ended <c>succeeded</c>.</summary>
    public required long Processed { get; init; }

    /// <summary>Jobs that ended <c>failed</c>.</summary>
    public required long Failed { get; init; }

    /// <summary>Jobs that ended <c>canceled</c>.</summary>
    public required long Canceled { get; init; }

    /// <summary>Attempts that failed and were followed by a pause for another one.</summary>
    public required long Retried { get; init; }

    /// <summary>How long attempts ran: every ended attempt that succeeded or failed.</summary>
    public required DurationFigures Duration { get; init; }

    /// <summary>How long jobs were due before a worker took them.</summary>
    public required DurationFigures Wait { get; init; }
}

/// <summary>A distribution of durations, in milliseconds. Percentiles are exact to 4 %.</summary>
/// <param name="Count">How many.</param>
/// <param name="SumMs">Their sum.</param>
/// <param name="P50Ms">Half are at most this.</param>
/// <param name="P95Ms">95 % are at most this.</param>
/// <param name="P99Ms">99 % are at most this.</param>
/// <param name="MaxMs">The longest.</param>
public sealed record DurationFigures(long Count, double SumMs, double P50Ms, double P95Ms, double P99Ms, double MaxMs)
{
    /// <summary>The mean; 0 when there is none.</summary>
    public double AverageMs => Count == 0 ? 0 : SumMs / Count;

    /// <summary>How many took at most so long, for each upper bound in seconds: the cumulative buckets of a histogram.</summary>
    public IReadOnlyList<(double UpperSeconds, long Count)> Buckets { get; init; } = [];
}
