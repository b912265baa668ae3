using JobApi.Contracts;
using JobApi.Engine.Diagnostics;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Storage.Searching;
using JobApi.Engine.Workers;
using JobApi.Sqlite;

namespace JobApi.Metrics;

/// <summary>Takes the figures of one moment from everyone who has some.</summary>
internal sealed class MetricsReport(
    JobMetrics metrics, IJobReader jobs, IQueueSettings queues, HandlerRegistry types, WorkerPool pool, DiskSpace disks, TimeProvider time,
    SqliteJobStore? sqlite = null, ISearchIndex? search = null)
{
    public async ValueTask<Figures> TakeAsync(CancellationToken cancellationToken)
    {
        var counts = await jobs.CountAsync(cancellationToken);
        var oldest = counts.OldestQueuedSince is { } since ? time.GetUtcNow() - since : TimeSpan.Zero;

        var lag = search is null ? null : await search.LagAsync(cancellationToken);
        var standings = await StandingsAsync(metrics.Snapshot().ByQueue.Keys, counts.QueuedByQueue, cancellationToken);
        var figures = metrics.Snapshot([.. standings.Keys, .. counts.QueuedByQueue.Keys.All(standings.ContainsKey) ? Array.Empty<string>() : [JobMetrics.OtherQueues]]);

        return new Figures(figures, counts, pool.Snapshot(), oldest > TimeSpan.Zero ? oldest : TimeSpan.Zero, disks.FreeBytes, sqlite?.LogBytes)
        {
            SearchLag = lag is null ? null : new SearchLag(lag.Jobs, lag.OldestSince is { } first && first < time.GetUtcNow() ? time.GetUtcNow() - first : TimeSpan.Zero),
            Queues = standings,
            TypeLimits = types.All.Where(type => type.MaxConcurrency is not null).ToDictionary(type => type.Name, type => type.MaxConcurrency!.Value, StringComparer.Ordinal),
        };
    }

    /// <summary>As many queues at the most as have a name of their own in the metrics.</summary>
    private async ValueTask<IReadOnlyDictionary<string, QueueStanding>> StandingsAsync(
        IEnumerable<string> names, IReadOnlyDictionary<string, long> waiting, CancellationToken cancellationToken)
    {
        var standings = new Dictionary<string, QueueStanding>(StringComparer.Ordinal);

        foreach (var name in names)
        {
            if (name != JobMetrics.OtherQueues)
            {
                standings[name] = await queues.FindAsync(name, cancellationToken) ?? new QueueStanding(name);
            }
        }

        // What is paused or limited is told though nothing has happened there since the start.
        foreach (var queue in await queues.ListAsync(new QueueQuery(JobMetrics.MaxQueues, OnlyRestricted: true), cancellationToken))
        {
            if (standings.Count < JobMetrics.MaxQueues)
            {
                standings.TryAdd(queue.Name, queue);
            }
        }

        // And so is where jobs wait that came before the start; by name, so that the same queues are told the next time.
        var untold = waiting.Keys.Where(queue => !standings.ContainsKey(queue)).Order(StringComparer.Ordinal).Take(Math.Max(0, JobMetrics.MaxQueues - standings.Count));

        foreach (var name in untold.ToArray())
        {
            standings[name] = await queues.FindAsync(name, cancellationToken) ?? new QueueStanding(name);
        }

        return standings;
    }
}

/// <summary>The figures of one moment.</summary>
/// <param name="Jobs">Counted since the process started.</param>
/// <param name="Counts">What the store holds now.</param>
/// <param name="Pool">The workers now.</param>
/// <param name="OldestQueued">How long the longest waiting due job has been due.</param>
/// <param name="FreeBytes">Room on the disks in use.</param>
/// <param name="LogBytes">The write-ahead log, where the store keeps one.</param>
internal sealed record Figures(
    MetricsSnapshot Jobs, JobCounts Counts, PoolSnapshot Pool, TimeSpan OldestQueued, IReadOnlyDictionary<DiskUse, long> FreeBytes, long? LogBytes)
{
    /// <summary>How far the search index is behind, where there is one.</summary>
    public SearchLag? SearchLag { get; init; }

    /// <summary>The queues that have a name of their own in the metrics, as they stand.</summary>
    public required IReadOnlyDictionary<string, QueueStanding> Queues { get; init; }

    /// <summary>How many jobs of the limited types may run at a time.</summary>
    public required IReadOnlyDictionary<string, int> TypeLimits { get; init; }

    /// <summary>The name under which queues without a name of their own are summed.</summary>
    public const string OtherQueues = "(other)";

    /// <summary>
    /// Due jobs by queue, under no other names than the queues have in the other metrics: callers choose queue names, and a label a job would
    /// drown a scraper.
    /// </summary>
    public IReadOnlyDictionary<string, long> QueuedByKnownQueue()
    {
        var known = Jobs.ByQueue.Keys.ToDictionary(queue => queue, _ => 0L, StringComparer.Ordinal);

        foreach (var (queue, depth) in Counts.QueuedByQueue)
        {
            var label = known.ContainsKey(queue) ? queue : OtherQueues;
            known[label] = known.GetValueOrDefault(label) + depth;
        }

        return known;
    }

    public MetricsResponse ToResponse()
    {
        var queued = QueuedByKnownQueue();
        var total = Jobs.Total;

        return new MetricsResponse
        {
            Processed = total.Processed,
            Failed = total.Failed,
            Canceled = total.Canceled,
            Retried = total.Retried,
            AverageDurationMs = total.Duration.AverageMs,
            P50DurationMs = total.Duration.P50Ms,
            P95DurationMs = total.Duration.P95Ms,
            P99DurationMs = total.Duration.P99Ms,
            ActiveWorkers = Pool.Size,
            BusyWorkers = Pool.Busy,
            QueueDepth = Counts[JobState.Queued],
            OldestQueuedSeconds = OldestQueued.TotalSeconds,
            Submitted = total.Submitted,
            ScheduledJobs = Counts[JobState.Scheduled],
            RunningJobs = Counts[JobState.Running],
            MaxDurationMs = total.Duration.MaxMs,
            P50WaitMs = total.Wait.P50Ms,
            P95WaitMs = total.Wait.P95Ms,
            P99WaitMs = total.Wait.P99Ms,
            MinWorkers = Pool.MinWorkers,
            MaxWorkers = Pool.MaxWorkers,
            AbandonedHandlers = Pool.AbandonedHandlers,
            SuspectJobs = Counts.Suspects,
            StoredBytes = Counts.Bytes,
            DiskFreeBytes = FreeBytes.Count == 0 ? null : FreeBytes.Values.Min(),
            WalBytes = LogBytes,
            SearchLagJobs = SearchLag?.Jobs,
            SearchLagSeconds = SearchLag?.Oldest.TotalSeconds,
            ByType = Jobs.ByType.ToDictionary(group => group.Key, group => Of(group.Value, Counts.QueuedByType.GetValueOrDefault(group.Key)) with
            {
                ConcurrencyLimit = TypeLimits.TryGetValue(group.Key, out var limit) ? limit : null,
            }),
            ByQueue = Jobs.ByQueue.ToDictionary(group => group.Key, group => Of(group.Value, queued.GetValueOrDefault(group.Key)) with
            {
                Running = Queues.GetValueOrDefault(group.Key)?.Running,
                Paused = Queues.GetValueOrDefault(group.Key)?.IsPaused,
                ConcurrencyLimit = Queues.GetValueOrDefault(group.Key)?.ConcurrencyLimit,
            }),
        };
    }

    private static GroupMetricsResponse Of(JobFigures group, long queued) => new()
    {
        Processed = group.Processed,
        Failed = group.Failed,
        Canceled = group.Canceled,
        Retried = group.Retried,
        Submitted = group.Submitted,
        AverageDurationMs = group.Duration.AverageMs,
        P50DurationMs = group.Duration.P50Ms,
        P95DurationMs = group.Duration.P95Ms,
        P99DurationMs = group.Duration.P99Ms,
        QueueDepth = queued,
    };
}

/// <summary>How far the search index is behind.</summary>
/// <param name="Jobs">New and changed jobs that it does not know yet.</param>
/// <param name="Oldest">How long the oldest new one has waited.</param>
internal sealed record SearchLag(long Jobs, TimeSpan Oldest);
