namespace JobApi.Engine.Execution;

/// <summary>Why a running handler was asked to stop. The first reason counts.</summary>
internal enum StopReason
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>The job's timeout passed.</summary>
    TimedOut,

    /// <summary>Somebody canceled the job.</summary>
    CancelRequested,

    /// <summary>The grace period of a stopping server is over.</summary>
    ShuttingDown,

    /// <summary>The lease is gone, or may be: another node may run the job, and this attempt must not be recorded.</summary>
    LeaseLost,

    /// <summary>Code the handler started outside its own call threw an exception.</summary>
    Faulted,
}
