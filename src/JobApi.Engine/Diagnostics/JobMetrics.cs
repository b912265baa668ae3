namespace JobApi.Engine.Diagnostics;

public sealed class JobMetrics
{
    /// <summary>The figures now.</summary>
    public MetricsSnapshot Snapshot() => throw new NotImplementedException();
}
