using JobApi.Engine.Completion;
using JobApi.Engine.Dispatch;
using JobApi.Engine.Execution;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobApi.Engine.Workers;

/// <summary>
/// The workers of this process, between a least and a greatest number. It grows at once; it shrinks by letting idle workers go
/// now and busy ones after the job in hand.
/// </summary>
public sealed partial class WorkerPool
{
    /// <summary>The most workers a pool may have.</summary>
    public const int MaxSize = 1_024;

    private const int KeptDecisions = 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<Worker, Task> _workers = [];
    private readonly Queue<ScalingDecision> _decisions = [];
    private readonly Hands _hands;
    private readonly Pace _pace;
    private readonly Func<string, Worker> _hire;
    private readonly Occupancy _occupancy;
    private readonly WorkerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private int _hired;
    private int _size;
    private bool _closed;

    internal WorkerPool(
        Hands hands, Pace pace, ReadyQueue ready, JobExecutor executor, Occupancy occupancy, CompletionBuffer completions, Dispatcher dispatcher,
        IOptions<WorkerOptions> options, TimeProvider time, ILogger<WorkerPool> logger)
    {
        _hands = hands;
        _pace = pace;
        _occupancy = occupancy;
        _time = time;
        _logger = logger;
        _hire = name => new Worker(name, ready, executor, completions, dispatcher, pace, time);

        // A copy of its own, because the bounds change at run time.
        _options = options.Value.Copy();
    }

    /// <summary>The pool as it is now.</summary>
    public PoolSnapshot Snapshot()
    {
        lock (_gate)
        {
            return new PoolSnapshot
            {
                MinWorkers = _options.MinWorkers,
                MaxWorkers = _options.MaxWorkers,
                Workers = [.. _workers.Keys.Select(worker => worker.Snapshot()).OrderBy(worker => worker.StartedAt)],
                AbandonedHandlers = _occupancy.Abandoned,
                Decisions = [.. _decisions.Reverse()],
            };
        }
    }

    /// <summary>The worker that has this job in hand now, if any.</summary>
    public string? WorkerOf(Guid jobId)
    {
        lock (_gate)
        {
            // Asked for every running job of an answer, so it is a loop and no query.
            foreach (var worker in _workers.Keys)
            {
                if (worker.JobInHand == jobId)
                {
                    return worker.Name;
                }
            }

            return null;
        }
    }

    /// <summary>Changes the bounds at run time; the size follows at once where it must.</summary>
    /// <param name="minWorkers">1 to <see cref="MaxSize"/>.</param>
    /// <param name="maxWorkers">At least <paramref name="minWorkers"/>, at most <see cref="MaxSize"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bounds are not in that order.</exception>
    public void Resize(int minWorkers, int maxWorkers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minWorkers, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxWorkers, MaxSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minWorkers, maxWorkers);

        TryResize(minWorkers, maxWorkers);
    }

    /// <summary>Changes one bound or both in one step; a bound that is not given stays.</summary>
    /// <returns>False, and nothing changed, when the bounds that would result are out of order or range.</returns>
    public bool TryResize(int? minWorkers, int? maxWorkers)
    {
        lock (_gate)
        {
            var (min, max) = (minWorkers ?? _options.MinWorkers, maxWorkers ?? _options.MaxWorkers);

            if (min < 1 || min > max || max > MaxSize)
            {
                return false;
            }

            (_options.MinWorkers, _options.MaxWorkers) = (min, max);
            SetSize(Math.Clamp(_size, min, max), $"resized to {min}..{max}");
            return true;
        }
    }

    /// <summary>Hires the first workers.</summary>
    internal void Start()
    {
        lock (_gate)
        {
            SetSize(_options.MinWorkers, "started");
        }
    }

    /// <summary>Lets the scaler decide; true when the size changed.</summary>
    internal bool Scale(long claimable, TimeSpan sinceLastStep)
    {
        lock (_gate)
        {
            var target = PoolScaler.Decide(claimable, _size, sinceLastStep, _options);
            return SetSize(target, target > _size ? $"{claimable} jobs were waiting" : $"only {claimable} jobs were waiting");
        }
    }

    /// <summary>Lets every worker go; completes when the last has finished the job in hand.</summary>
    internal Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = true;
            SetTarget(0);
            return Task.WhenAll(_workers.Values);
        }
    }

    private bool SetSize(int target, string reason)
    {
        if (_closed || target == _size)
        {
            return false;
        }

        var decision = new ScalingDecision(_time.GetUtcNow(), _size, target, reason);
        SetTarget(target);
        _decisions.Enqueue(decision);

        if (_decisions.Count > KeptDecisions)
        {
            _decisions.Dequeue();
        }

        LogScaled(_logger, decision.From, decision.To, reason);
        return true;
    }

    private void SetTarget(int target)
    {
        if (target < _size)
        {
            _hands.Retire(_size - target);
        }
        else
        {
            // Workers that were to go and have not gone yet are kept before new ones are hired.
            for (var missing = target - _size - _hands.Unretire(target - _size); missing > 0; missing--)
            {
                Hire();
            }
        }

        _size = target;
        _pace.Workers = target;
    }

    private void Hire()
    {
        var worker = _hire($"worker-{++_hired}");

        // Not started on this thread: the caller holds the lock.
        _workers.Add(worker, Task.Run(() => WorkAsync(worker)));
    }

    private async Task WorkAsync(Worker worker)
    {
        try
        {
            await worker.RunAsync();
        }
#pragma warning disable CA1031 // Nothing should get past the executor; if it does, the pool must not shrink silently.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogWorkerFailed(_logger, exception, worker.Name);

            lock (_gate)
            {
                if (!_closed)
                {
                    Hire();
                }
            }
        }
        finally
        {
            lock (_gate)
            {
                _workers.Remove(worker);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Worker pool {From} -> {To}: {Reason}")]
    private static partial void LogScaled(ILogger logger, int from, int to, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Worker} failed and is replaced")]
    private static partial void LogWorkerFailed(ILogger logger, Exception exception, string worker);
}
