namespace JobApi.Engine.Lifecycle;

/// <summary>Why a job that could run does not.</summary>
public enum WaitingReason
{
    /// <summary>Other jobs are ahead of it.</summary>
    Queue,

    /// <summary>Its start time has not come.</summary>
    Schedule,

    /// <summary>An attempt failed and the pause before the next one runs.</summary>
    Backoff,

    /// <summary>The rate limit of its type or target host is used up for now.</summary>
    RateLimit,

    /// <summary>The circuit breaker of its type is open.</summary>
    CircuitOpen,

    /// <summary>As many jobs of its type run as are allowed to.</summary>
    TypeLimit,

    /// <summary>No handler for its type is registered on any node.</summary>
    NoWorker,

    /// <summary>Its queue is paused.</summary>
    Paused,

    /// <summary>As many jobs of its queue run as are allowed to.</summary>
    QueueLimit,

    /// <summary>As many jobs of its concurrency key run as it allows.</summary>
    ConcurrencyKey,
}
