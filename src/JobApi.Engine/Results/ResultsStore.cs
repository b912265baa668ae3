using JobApi.Engine.Events;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using Microsoft.Extensions.Options;

namespace JobApi.Engine.Results;

/// <summary>
/// Jobs and their results by id: a bounded concurrent cache of the recent ones in front of the store, and the place to wait for
/// a change. A read that starts after a change was announced sees that change or a later one.
/// </summary>
public sealed class ResultsStore : IJobObserver, IDisposable
{
    private readonly IJobReader _store;
    private readonly JobCache _cache;
    private readonly JobWaiters _waiters;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _draining = new();
    private readonly CancellationTokenSource _stopped = new();

    /// <summary>Makes an empty cache in front of a store.</summary>
    public ResultsStore(IJobReader store, IOptions<ResultsOptions> options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _store = store;
        _cache = new JobCache(options.Value);
        _waiters = new JobWaiters(options.Value.MaxWaiters);
        _time = time;
    }

    /// <summary>Requests that wait for a change now.</summary>
    public int Waiting => _waiters.Count;

    /// <summary>Jobs in the cache now.</summary>
    public int Cached => _cache.Count;

    /// <summary>The job of this id: from the cache, else from the store; null when there is none.</summary>
    public ValueTask<Job?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        _cache.Find(id) is { } job ? ValueTask.FromResult<Job?>(job) : _store.FindAsync(id, cancellationToken);

    /// <summary>
    /// Waits until a job satisfies a condition, the time is up or the caller gives up. A server that drains is waited for only by those whose
    /// job runs, and no longer than it lets jobs in hand go on; where too many wait already, nobody else does. Whoever waits is woken by the
    /// change itself; nothing is polled.
    /// </summary>
    public async ValueTask<Waited> WaitAsync(Guid id, Func<Job, bool> until, TimeSpan atMost, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(until);

        // Most readers do not wait, or find what they wait for: they pass without a place among the waiters.
        if (await FindAsync(id, cancellationToken) is var found && (found is null || until(found) || atMost <= TimeSpan.Zero))
        {
            return new Waited(found);
        }

        var start = _time.GetTimestamp();

        while (true)
        {
            // Subscribed before the look, so that no change can fall between the two.
            using var next = _waiters.Subscribe(id);
            var job = await FindAsync(id, cancellationToken);
            var left = atMost - _time.GetElapsedTime(start);

            if (job is null || until(job) || left <= TimeSpan.Zero)
            {
                return new Waited(job);
            }

            if (next is not { } place)
            {
                return new Waited(job, IsCutShort: true);
            }

            var serverGone = job.State == JobState.Running ? _stopped.Token : _draining.Token;

            if (!await ChangesWithinAsync(place.Changed, left, serverGone, cancellationToken))
            {
                return new Waited(job, serverGone.IsCancellationRequested);
            }
        }
    }

    /// <summary>Whether somebody waits for the next change of this job.</summary>
    internal bool IsAwaited(Guid id) => _waiters.IsAwaited(id);

    /// <inheritdoc />
    public void Dispose()
    {
        _draining.Dispose();
        _stopped.Dispose();
    }

    /// <summary>Lets everybody go, now and from now on, whose job does not run: nothing more is claimed, so there is nothing to wait for before the next start.</summary>
    internal void StopWaitingForTheNextStart() => _draining.Cancel();

    /// <summary>Lets everybody else go as well: every job in hand has ended or was handed back.</summary>
    internal void StopWaiting() => _stopped.Cancel();

    /// <inheritdoc />
    void IJobObserver.Changed(Job job)
    {
        _cache.Put(job);
        _waiters.Pulse(job.Id);
    }

    /// <inheritdoc />
    void IJobObserver.Removed(Guid id)
    {
        _cache.Remove(id);
        _waiters.Pulse(id);
    }

    private async Task<bool> ChangesWithinAsync(Task change, TimeSpan atMost, CancellationToken serverGone, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, serverGone);
        await change.WaitAsync(atMost, _time, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return change.IsCompleted;
    }
}
