using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage;

/// <summary>What people decide about queues, and what came of it. A queue exists while it has settings or jobs that have not ended.</summary>
public interface IQueueSettings
{
    /// <summary>Queues by name.</summary>
    ValueTask<IReadOnlyList<QueueStanding>> ListAsync(QueueQuery query, CancellationToken cancellationToken);

    /// <summary>One queue; null when it has neither settings nor jobs that have not ended.</summary>
    ValueTask<QueueStanding?> FindAsync(string queue, CancellationToken cancellationToken);

    /// <summary>Changes a queue's settings, known or not yet. They outlive its jobs, and the process where jobs do.</summary>
    /// <returns>The queue as it stands now.</returns>
    /// <exception cref="TooManyQueuesException">It would be one more than <see cref="QueueChange.MaxRestricted"/> that are paused or limited; nothing changed.</exception>
    ValueTask<QueueStanding> ChangeAsync(string queue, QueueChange change, CancellationToken cancellationToken);

    /// <summary>What keeps a due job from being claimed now, whatever waits before it; null when nothing does.</summary>
    ValueTask<Obstacle?> FindObstacleAsync(Job job, CancellationToken cancellationToken);
}

/// <summary>Which queues.</summary>
/// <param name="Max">At most so many.</param>
/// <param name="After">Only names that come after this one.</param>
/// <param name="OnlyRestricted">Only queues that are paused or limited.</param>
public sealed record QueueQuery(int Max, string? After = null, bool OnlyRestricted = false);

/// <summary>What is to change about a queue. What is absent stays.</summary>
public sealed record QueueChange
{
    /// <summary>The most queues that can be paused or limited at a time. Each keeps memory and a place in the store, though nobody may ever use it.</summary>
    public const int MaxRestricted = 10_000;

    /// <summary>Whether none of its jobs starts any more. Those that run go on.</summary>
    public bool? IsPaused { get; init; }

    /// <summary>How many of its jobs may run at a time.</summary>
    public int? ConcurrencyLimit { get; init; }

    /// <summary>Whether it has no limit any more.</summary>
    public bool IsUnlimited { get; init; }

    /// <summary>The settings that follow from others.</summary>
    public (bool IsPaused, int? Limit) Apply(bool isPaused, int? limit) => (IsPaused ?? isPaused, IsUnlimited ? null : ConcurrencyLimit ?? limit);
}

/// <summary>A queue at one moment.</summary>
public sealed record QueueStanding(string Name)
{
    /// <summary>Whether none of its jobs starts.</summary>
    public bool IsPaused { get; init; }

    /// <summary>How many of its jobs may run at a time; not limited when null.</summary>
    public int? ConcurrencyLimit { get; init; }

    /// <summary>Jobs that are due and wait.</summary>
    public long Queued { get; init; }

    /// <summary>Jobs that wait for their time.</summary>
    public long Scheduled { get; init; }

    /// <summary>Jobs that run.</summary>
    public long Running { get; init; }

    /// <summary>Since when the longest waiting due job has been due; null when none waits.</summary>
    public DateTimeOffset? OldestQueuedSince { get; init; }
}

/// <summary>What keeps a due job from being claimed.</summary>
/// <param name="Reason">Its kind: paused, the queue's limit, or the concurrency key.</param>
/// <param name="Running">How many jobs run that it has to wait for.</param>
/// <param name="Limit">How many may.</param>
public sealed record Obstacle(WaitingReason Reason, int Running = 0, int Limit = 0);
