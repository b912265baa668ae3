namespace JobApi.Engine.Workers;

/// <summary>The pool at one moment.</summary>
public sealed record PoolSnapshot
{
    /// <summary>It never has fewer workers than this.</summary>
    public required int MinWorkers { get; init; }

    /// <summary>It never has more workers than this.</summary>
    public required int MaxWorkers { get; init; }

    /// <summary>Every worker that lives now, idle or busy.</summary>
    public required IReadOnlyList<WorkerSnapshot> Workers { get; init; }

    /// <summary>Handlers that ignored their token, were fenced off and still run.</summary>
    public required int AbandonedHandlers { get; init; }

    /// <summary>The latest changes of size, newest first.</summary>
    public required IReadOnlyList<ScalingDecision> Decisions { get; init; }

    /// <summary>Workers that live now.</summary>
    public int Size => Workers.Count;

    /// <summary>Workers that run a job now.</summary>
    public int Busy => Workers.Count(worker => worker.JobId is not null);
}

/// <summary>One worker at one moment.</summary>
/// <param name="Name">Its name within the node, such as <c>worker-3</c>; never reused.</param>
/// <param name="StartedAt">Since when it lives.</param>
/// <param name="JobId">The job in hand, if any.</param>
/// <param name="JobType">The type of the job in hand.</param>
/// <param name="BusySince">Since when it has the job in hand.</param>
public sealed record WorkerSnapshot(string Name, DateTimeOffset StartedAt, Guid? JobId, string? JobType, DateTimeOffset? BusySince);

/// <summary>A change of the pool's size.</summary>
/// <param name="At">When.</param>
/// <param name="From">Workers before.</param>
/// <param name="To">Workers after.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record ScalingDecision(DateTimeOffset At, int From, int To, string Reason);
