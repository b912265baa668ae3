namespace JobApi.Contracts;

/// <summary>How it goes, counted since the server started. Durations are in milliseconds; percentiles are exact to 4 %.</summary>
public sealed record MetricsResponse
{
    /// <summary>Jobs that ended <c>succeeded</c>.</summary>
    public required long Processed { get; init; }

    /// <summary>Jobs that ended <c>failed</c>.</summary>
    public required long Failed { get; init; }

    /// <summary>Jobs that ended <c>canceled</c>.</summary>
    public required long Canceled { get; init; }

    /// <summary>Attempts that failed and were followed by another one.</summary>
    public required long Retried { get; init; }

    /// <summary>The mean of how long attempts ran, over all that succeeded or failed.</summary>
    public required double AverageDurationMs { get; init; }

    /// <summary>Half of the attempts ran at most this long.</summary>
    public required double P50DurationMs { get; init; }

    /// <summary>95 % of the attempts ran at most this long.</summary>
    public required double P95DurationMs { get; init; }

    /// <summary>99 % of the attempts ran at most this long.</summary>
    public required double P99DurationMs { get; init; }

    /// <summary>Workers that live now.</summary>
    public required int ActiveWorkers { get; init; }

    /// <summary>Workers that run a job now.</summary>
    public required int BusyWorkers { get; init; }

    /// <summary>Jobs that are due and wait for a worker.</summary>
    public required long QueueDepth { get; init; }

    /// <summary>How long the longest waiting due job has been due; 0 when none waits.</summary>
    public required double OldestQueuedSeconds { get; init; }

    /// <summary>Jobs accepted.</summary>
    public required long Submitted { get; init; }

    /// <summary>Jobs that wait for their time.</summary>
    public required long ScheduledJobs { get; init; }

    /// <summary>Jobs that run.</summary>
    public required long RunningJobs { get; init; }

    /// <summary>The longest attempt.</summary>
    public required double MaxDurationMs { get; init; }

    /// <summary>Half of the jobs waited at most this long for a worker once they were due.</summary>
    public required double P50WaitMs { get; init; }

    /// <summary>95 % of the jobs waited at most this long for a worker once they were due.</summary>
    public required double P95WaitMs { get; init; }

    /// <summary>99 % of the jobs waited at most this long for a worker once they were due.</summary>
    public required double P99WaitMs { get; init; }

    /// <summary>The pool never has fewer workers.</summary>
    public required int MinWorkers { get; init; }

    /// <summary>The pool never has more workers.</summary>
    public required int MaxWorkers { get; init; }

    /// <summary>Handlers that ignored their cancellation and still run.</summary>
    public required int AbandonedHandlers { get; init; }

    /// <summary>The part of <see cref="QueueDepth"/> that waits to run alone, because the server died twice while they ran.</summary>
    public required long SuspectJobs { get; init; }

    /// <summary>Bytes of all jobs held, as they are charged against the bounds: payloads, results, tags, errors, attempts, log lines, and a fixed sum for each job.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>Room on the disk that has the least, of those that keep jobs and files; absent when no disk says.</summary>
    public long? DiskFreeBytes { get; init; }

    /// <summary>Bytes of the data file's write-ahead log; absent where jobs are not kept in a file.</summary>
    public long? WalBytes { get; init; }

    /// <summary>New and changed jobs that a search does not know yet; absent where there is no index.</summary>
    public long? SearchLagJobs { get; init; }

    /// <summary>How long the oldest of the new ones has waited for it; absent where there is no index.</summary>
    public double? SearchLagSeconds { get; init; }

    /// <summary>By kind of job.</summary>
    public required IReadOnlyDictionary<string, GroupMetricsResponse> ByType { get; init; }

    /// <summary>By queue; queues beyond the bound on names are summed under <c>(other)</c>.</summary>
    public required IReadOnlyDictionary<string, GroupMetricsResponse> ByQueue { get; init; }
}

/// <summary>The figures of a kind of job or of a queue.</summary>
public sealed record GroupMetricsResponse
{
    /// <summary>Jobs that ended <c>succeeded</c>.</summary>
    public required long Processed { get; init; }

    /// <summary>Jobs that ended <c>failed</c>.</summary>
    public required long Failed { get; init; }

    /// <summary>Jobs that ended <c>canceled</c>.</summary>
    public required long Canceled { get; init; }

    /// <summary>Attempts that failed and were followed by another one.</summary>
    public required long Retried { get; init; }

    /// <summary>Jobs accepted.</summary>
    public required long Submitted { get; init; }

    /// <summary>The mean of how long attempts ran.</summary>
    public required double AverageDurationMs { get; init; }

    /// <summary>Half of the attempts ran at most this long.</summary>
    public required double P50DurationMs { get; init; }

    /// <summary>95 % of the attempts ran at most this long.</summary>
    public required double P95DurationMs { get; init; }

    /// <summary>99 % of the attempts ran at most this long.</summary>
    public required double P99DurationMs { get; init; }

    /// <summary>Jobs that are due and wait for a worker.</summary>
    public required long QueueDepth { get; init; }

    /// <summary>Jobs that run now; only of a queue.</summary>
    public long? Running { get; init; }

    /// <summary>Whether the queue is paused; only of a queue.</summary>
    public bool? Paused { get; init; }

    /// <summary>How many may run at a time; only of a queue or a kind of job that is limited.</summary>
    public int? ConcurrencyLimit { get; init; }
}
