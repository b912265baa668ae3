namespace JobApi.Benchmarks.Comparing;

/// <summary>What one system did in one turn. A unit is a job, or a request where a scenario only reads.</summary>
/// <param name="Accepted">Units answered, a second.</param>
/// <param name="Completed">Units finished, a second, the time until the last one had finished included.</param>
/// <param name="P50Ms">Latency of requests, median.</param>
/// <param name="P99Ms">Latency of requests, 99th percentile.</param>
/// <param name="MaxMs">Latency of requests, the longest.</param>
/// <param name="CpuMicroseconds">Processor time of the system for each unit, until it rests again, if it ever does.</param>
/// <param name="ResidentMiB">Resident memory afterwards.</param>
internal sealed record Turn(double Accepted, double Completed, double P50Ms, double P99Ms, double MaxMs, double CpuMicroseconds, double ResidentMiB);

/// <summary>All turns of a system in a scenario, or why there are none.</summary>
/// <param name="Name">The word that picks the system.</param>
/// <param name="What">What it is, for the table.</param>
/// <param name="Turns">One a round.</param>
/// <param name="Why">Why it has no figures; null when it has.</param>
internal sealed record SystemResult(string Name, string What, IReadOnlyList<Turn> Turns, string? Why = null)
{
    /// <summary>The middle of what its turns gave.</summary>
    public double Median(Func<Turn, double> figure) => Median(Turns.Select(figure));

    /// <summary>The middle of the ratios within each round to what another completed: what disturbed a round disturbed both.</summary>
    public double MedianRatio(SystemResult other) => Median(Turns.Zip(other.Turns, (own, others) => own.Completed / others.Completed));

    /// <summary>The middle of some figures.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>What became of a scenario.</summary>
internal sealed record ScenarioResult(Scenario Scenario, IReadOnlyList<SystemResult> Systems);
