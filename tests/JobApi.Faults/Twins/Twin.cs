namespace JobApi.Faults.Twins;

/// <summary>
/// The server with one promise broken, to see that the checker notices. Broken from outside, by registrations that are added when the host
/// is built: the product knows nothing of it.
/// </summary>
internal enum Twin
{
    /// <summary>The server as it is.</summary>
    None,

    /// <summary>Answers a submission before it is stored.</summary>
    AcknowledgesEarly,

    /// <summary>Commits without waiting for the disk (<c>synchronous=NORMAL</c>).</summary>
    FlushesSeldom,

    /// <summary>Does not remember idempotency keys.</summary>
    ForgetsKeys,

    /// <summary>Records a job as done when it is claimed, as a queue does that removes what it hands out.</summary>
    CompletesAtClaim,

    /// <summary>Does not store what is handed back at a stop.</summary>
    DropsHandBacks,

    /// <summary>Lets claims run out and does not renew them.</summary>
    ExpiresLeases,

    /// <summary>The same, and lets the late end of a lost attempt end the one that runs now.</summary>
    CompletesById,

    /// <summary>Queues failed jobs once more at every start.</summary>
    ForgivesPoison,

    /// <summary>Does not stop a handler that takes too long.</summary>
    HasNoTimeouts,

    /// <summary>Takes the data file although another process has it.</summary>
    StealsTheLock,

    /// <summary>Starts with an empty store when the data file cannot be opened.</summary>
    StartsAnew,
}
