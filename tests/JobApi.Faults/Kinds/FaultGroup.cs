namespace JobApi.Faults.Kinds;

/// <summary>Which number on the command line says how often a fault strikes.</summary>
internal enum FaultGroup
{
    /// <summary>The process is killed.</summary>
    Kill,

    /// <summary>The power is cut: what was not flushed is gone.</summary>
    Cut,

    /// <summary>The process is frozen.</summary>
    Stop,

    /// <summary>Everything else.</summary>
    Other,
}
