namespace JobApi.Contracts;

/// <summary>The worker pool as it is now.</summary>
public sealed record WorkersResponse
{
    /// <summary>It never has fewer workers.</summary>
    public required int MinWorkers { get; init; }

    /// <summary>It never has more workers.</summary>
    public required int MaxWorkers { get; init; }

    /// <summary>Workers that live now.</summary>
    public required int Size { get; init; }

    /// <summary>Workers that run a job now.</summary>
    public required int Busy { get; init; }

    /// <summary>Handlers that ignored their cancellation, were fenced off and still run.</summary>
    public required int AbandonedHandlers { get; init; }

    /// <summary>Each worker and what it runs.</summary>
    public required IReadOnlyList<WorkerResponse> Workers { get; init; }

    /// <summary>The latest changes of size, newest first.</summary>
    public required IReadOnlyList<ScalingDecisionResponse> Decisions { get; init; }
}

/// <summary>A worker.</summary>
/// <param name="Name">Its name; never reused.</param>
/// <param name="StartedAt">Since when it lives.</param>
/// <param name="JobId">The job in hand.</param>
/// <param name="JobType">The kind of the job in hand.</param>
/// <param name="BusySince">Since when it has the job in hand.</param>
public sealed record WorkerResponse(string Name, DateTimeOffset StartedAt, Guid? JobId, string? JobType, DateTimeOffset? BusySince);

/// <summary>A change of the pool's size.</summary>
/// <param name="At">When.</param>
/// <param name="From">Workers before.</param>
/// <param name="To">Workers after.</param>
/// <param name="Reason">Why.</param>
public sealed record ScalingDecisionResponse(DateTimeOffset At, int From, int To, string Reason);

/// <summary>New bounds of the worker pool; what is absent stays.</summary>
public sealed record ResizeWorkersRequest
{
    /// <summary>1 to 1,024, not above <c>maxWorkers</c>.</summary>
    public int? MinWorkers { get; init; }

    /// <summary>1 to 1,024, not below <c>minWorkers</c>.</summary>
    public int? MaxWorkers { get; init; }
}
