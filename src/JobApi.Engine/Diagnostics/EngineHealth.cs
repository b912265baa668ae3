namespace JobApi.Engine.Diagnostics;

public sealed class EngineHealth
{
    /// <summary>Loops that should have ticked and did not; empty when all is well.</summary>
    public IReadOnlyList<string> StuckLoops() => throw new NotImplementedException();

    /// <summary>Why this node should get no traffic now, such as <c>draining</c>; null when it is ready.</summary>
    public string? NotReadyBecause => throw new NotImplementedException();
}
