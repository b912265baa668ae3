using JobApi.Engine.Diagnostics;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Metrics;

/// <summary>
/// The figures as Prometheus text or OpenMetrics. Written by hand: the engine keeps whole distributions, and the usual client
/// libraries cannot take one over (see docs/decisions).
/// </summary>
internal static class Exposition
{
    public static string Write(Figures figures, bool openMetrics)
    {
        var text = new ExpositionWriter(openMetrics);

        WriteGroups(text, "jobapi", "type", "by kind of job", figures.Jobs.ByType);
        WriteGroups(text, "jobapi_queue", "queue", "by queue", figures.Jobs.ByQueue);
        WriteStore(text, figures);
        WritePool(text, figures);

        return text.End();
    }

    private static void WriteGroups(ExpositionWriter text, string prefix, string label, string by, IReadOnlyDictionary<string, JobFigures> groups)
    {
        Count("jobs_submitted", "Jobs accepted", figures => figures.Submitted);
        Count("jobs_processed", "Jobs that ended succeeded", figures => figures.Processed);
        Count("jobs_failed", "Jobs that ended failed", figures => figures.Failed);
        Count("jobs_canceled", "Jobs that ended canceled", figures => figures.Canceled);
        Count("attempts_retried", "Attempts that failed and were followed by another one", figures => figures.Retried);
        Distribute("attempt_duration_seconds", "How long attempts ran", figures => figures.Duration);
        Distribute("job_wait_seconds", "How long due jobs waited for a worker", figures => figures.Wait);

        void Count(string name, string help, Func<JobFigures, long> value)
        {
            text.Family($"{prefix}_{name}", MetricKind.Counter, $"{help}, {by}.");

            foreach (var (group, figures) in groups)
            {
                text.Sample($"{prefix}_{name}_total", value(figures), (label, group));
            }
        }

        void Distribute(string name, string help, Func<JobFigures, DurationFigures> value)
        {
            text.Family($"{prefix}_{name}", MetricKind.Histogram, $"{help}, {by}.");

            foreach (var (group, figures) in groups)
            {
                text.Histogram($"{prefix}_{name}", value(figures), (label, group));
            }
        }
    }

    private static void WriteStore(ExpositionWriter text, Figures figures)
    {
        text.Family("jobapi_jobs", MetricKind.Gauge, "Jobs held now, by state.");

        foreach (var state in Enum.GetValues<JobState>())
        {
            text.Sample("jobapi_jobs", figures.Counts[state], ("state", state.Word()));
        }

        text.Family("jobapi_queue_depth", MetricKind.Gauge, "Jobs that are due and wait for a worker, by queue.");

        foreach (var (queue, depth) in figures.QueuedByKnownQueue())
        {
            text.Sample("jobapi_queue_depth", depth, ("queue", queue));
        }

        text.Family("jobapi_queue_jobs_running", MetricKind.Gauge, "Jobs that run now, by queue.");
        SampleQueues("jobapi_queue_jobs_running", queue => queue.Running);
        text.Family("jobapi_queue_paused", MetricKind.Gauge, "1 while a queue is paused.");
        SampleQueues("jobapi_queue_paused", queue => queue.IsPaused ? 1 : 0);
        text.Family("jobapi_queue_concurrency_limit", MetricKind.Gauge, "Jobs of a queue that may run at a time, of queues with a limit.");
        SampleQueues("jobapi_queue_concurrency_limit", queue => queue.ConcurrencyLimit);

        text.Gauge("jobapi_oldest_queued_seconds", "How long the longest waiting due job has been due.", figures.OldestQueued.TotalSeconds);
        text.Gauge("jobapi_suspect_jobs", "Due jobs that wait to run alone, because the server died twice while they ran.", figures.Counts.Suspects);
        text.Gauge("jobapi_stored_bytes", "Bytes of all jobs held, as they are charged against the bounds.", figures.Counts.Bytes);

        if (figures.LogBytes is { } log)
        {
            text.Gauge("jobapi_wal_bytes", "The write-ahead log of the data file.", log);
        }

        if (figures.SearchLag is { } lag)
        {
            text.Gauge("jobapi_search_lag_jobs", "New and changed jobs that a search does not know yet.", lag.Jobs);
            text.Gauge("jobapi_search_lag_seconds", "How long the oldest of the new ones has waited for it.", lag.Oldest.TotalSeconds);
        }

        text.Family("jobapi_disk_free_bytes", MetricKind.Gauge, "Room on the disks in use, by what they keep.");

        foreach (var (use, free) in figures.FreeBytes)
        {
            text.Sample("jobapi_disk_free_bytes", free, ("keeps", use == DiskUse.Jobs ? "jobs" : "files"));
        }

        void SampleQueues(string name, Func<QueueStanding, double?> value)
        {
            foreach (var queue in figures.Queues.Values)
            {
                if (value(queue) is { } known)
                {
                    text.Sample(name, known, ("queue", queue.Name));
                }
            }
        }
    }

    private static void WritePool(ExpositionWriter text, Figures figures)
    {
        text.Gauge("jobapi_workers_active", "Workers that live now.", figures.Pool.Size);
        text.Gauge("jobapi_workers_busy", "Workers that run a job now.", figures.Pool.Busy);
        text.Gauge("jobapi_workers_min", "The pool never has fewer workers.", figures.Pool.MinWorkers);
        text.Gauge("jobapi_workers_max", "The pool never has more workers.", figures.Pool.MaxWorkers);
        text.Gauge("jobapi_handlers_abandoned", "Handlers that ignored their cancellation and still run.", figures.Pool.AbandonedHandlers);
        text.Gauge("process_resident_memory_bytes", "Resident memory of the process.", Environment.WorkingSet);
    }
}
