using JobApi.Faults.Twins;

namespace JobApi.Faults.Runs;

/// <summary>How a fault is tried.</summary>
internal sealed record TrialSettings
{
    /// <summary>How often the fault strikes.</summary>
    public int Cycles { get; init; } = 1;

    /// <summary>Decides everything that is left to chance.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Clients at once; as many as the fault asks for when absent.</summary>
    public int? Clients { get; init; }

    /// <summary>The broken twin to try instead of the server.</summary>
    public Twin Twin { get; init; }

    /// <summary>How long to wait for what should come soon, the end of all jobs included.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);
}
