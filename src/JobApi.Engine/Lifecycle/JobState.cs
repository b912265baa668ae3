namespace JobApi.Engine.Lifecycle;

/// <summary>Where a job stands. Each value answers one question: who acts next?</summary>
public enum JobState
{
    /// <summary>The clock acts next: the job waits for its time (a start time, a back-off, a pause of its type).</summary>
    Scheduled,

    /// <summary>A worker acts next: the job is due and waits to be claimed.</summary>
    Queued,

    /// <summary>A handler acts next: the job is claimed under a <see cref="Lease"/>.</summary>
    Running,

    /// <summary>Nobody acts: the handler returned a result.</summary>
    Succeeded,

    /// <summary>A person acts next, if anybody: the failure was permanent or a budget is spent.</summary>
    Failed,

    /// <summary>A person acts next, if anybody: the job was canceled or expired before it started.</summary>
    Canceled,
}

/// <summary>Questions asked of a state so often that they deserve a name.</summary>
public static class JobStates
{
    /// <summary>True for the three states a job does not leave by itself.</summary>
    public static bool IsTerminal(this JobState state) => state >= JobState.Succeeded;
}
