using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Diagnostics;

/// <summary>
/// Counts what happens to jobs, in total and by type and queue. The figures are served as <see cref="Snapshot"/> and as the
/// instruments of the meter <see cref="MeterName"/>, for whoever listens with <c>dotnet-counters</c> or OpenTelemetry.
/// </summary>
public sealed class JobMetrics : IDisposable
{
    /// <summary>The name of the one meter.</summary>
    public const string MeterName = "JobApi";

    /// <summary>Under this name the queues beyond <see cref="MaxQueues"/> are summed.</summary>
    public const string OtherQueues = "(other)";

    /// <summary>Queues counted by name. Their names come from callers, so their number needs a bound.</summary>
    public const int MaxQueues = 100;

    private readonly JobCounters _total = new();
    private readonly ConcurrentDictionary<string, JobCounters> _types = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, JobCounters> _queues = new(StringComparer.Ordinal);
    private readonly Meter _meter;
    private readonly Counter<long> _ended;
    private readonly Histogram<double> _durations;
    private long _staleCompletions;
    private long _fenced;

    /// <summary>Makes the meter.</summary>
    public JobMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _meter = meters.Create(MeterName);
        _ended = _meter.CreateCounter<long>("jobapi.jobs.ended", "{job}", "Jobs that reached a terminal state.");
        _durations = _meter.CreateHistogram<double>("jobapi.attempt.duration", "s", "How long ended attempts ran.");
    }

    /// <summary>Ends of attempts that the store refused because another attempt had begun.</summary>
    public long StaleCompletions => Volatile.Read(ref _staleCompletions);

    /// <summary>Handlers that ignored their token and were fenced off.</summary>
    public long FencedHandlers => Volatile.Read(ref _fenced);

    /// <summary>How long attempts ran on average. Cheap, for answers that are given when there is much to do.</summary>
    internal TimeSpan AverageDuration => _total.Duration.Mean;

    /// <summary>Jobs accepted so far. Cheap as well.</summary>
    internal long Submissions => _total.Submissions;

    /// <summary>The figures now.</summary>
    /// <param name="queues">Queues that are told though nothing has been counted there.</param>
    public MetricsSnapshot Snapshot(params IEnumerable<string> queues) => new()
    {
        Total = _total.Figures(),
        ByType = _types.ToDictionary(pair => pair.Key, pair => pair.Value.Figures(), StringComparer.Ordinal),
        ByQueue = queues.Where(queue => !_queues.ContainsKey(queue)).Select(queue => KeyValuePair.Create(queue, new JobCounters())).UnionBy(_queues, pair => pair.Key, StringComparer.Ordinal)
            .ToDictionary(pair => pair.Key, pair => pair.Value.Figures(), StringComparer.Ordinal),
    };

    /// <inheritdoc />
    public void Dispose() => _meter.Dispose();

    /// <summary>A job was accepted.</summary>
    internal void Submitted(Job job) => ForEach(job, static counters => counters.Submitted());

    /// <summary>A worker took a job that has been due since its <see cref="Job.RunAt"/>.</summary>
    internal void Started(Job job, DateTimeOffset now)
    {
        var waited = now - job.RunAt;
        _total.Wait.Record(waited);
        OfType(job).Wait.Record(waited);
        OfQueue(job).Wait.Record(waited);
    }

    /// <summary>The end of an attempt was stored.</summary>
    internal void Ended(Job job, JobCompletion completion)
    {
        var ran = job.State is JobState.Succeeded or JobState.Failed || completion.ChargesFailure;

        foreach (var counters in (ReadOnlySpan<JobCounters>)[_total, OfType(job), OfQueue(job)])
        {
            if (ran)
            {
                counters.Duration.Record(completion.Duration);
            }

            switch (job.State)
            {
                case JobState.Succeeded:
                    counters.Processed();
                    break;
                case JobState.Failed:
                    counters.Failed();
                    break;
                case JobState.Canceled:
                    counters.Canceled();
                    break;
                case JobState.Scheduled when completion.ChargesFailure:
                    counters.Retried();
                    break;
            }
        }

        if (ran && _durations.Enabled)
        {
            _durations.Record(completion.Duration.TotalSeconds, new KeyValuePair<string, object?>("type", job.Type));
        }

        if (job.State.IsTerminal())
        {
            CountEnd(job);
        }
    }

    /// <summary>A job was canceled or expired before it started, or given up while nobody held it.</summary>
    internal void EndedUnheld(Job job)
    {
        ForEach(job, job.State == JobState.Failed ? static counters => counters.Failed() : static counters => counters.Canceled());
        CountEnd(job);
    }

    /// <summary>The store refused the end of an attempt.</summary>
    internal void CompletionRefused() => Interlocked.Increment(ref _staleCompletions);

    /// <summary>A handler was fenced off.</summary>
    internal void HandlerFenced() => Interlocked.Increment(ref _fenced);

    private void CountEnd(Job job)
    {
        if (_ended.Enabled)
        {
            _ended.Add(1, new("type", job.Type), new("state", job.State.ToString()));
        }
    }

    private void ForEach(Job job, Action<JobCounters> count)
    {
        count(_total);
        count(OfType(job));
        count(OfQueue(job));
    }

    private JobCounters OfType(Job job) => _types.GetOrAdd(job.Type, static _ => new JobCounters());

    private JobCounters OfQueue(Job job) => _queues.TryGetValue(job.Queue, out var known) ? known
        : _queues.GetOrAdd(_queues.Count < MaxQueues ? job.Queue : OtherQueues, static _ => new JobCounters());
}
