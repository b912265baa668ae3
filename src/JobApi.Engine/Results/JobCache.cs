using System.Collections.Concurrent;
using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Results;

/// <summary>Recent jobs by id, bounded by number and bytes; the first to come are the first to go.</summary>
internal sealed class JobCache(ResultsOptions options)
{
    /// <summary>Deleted ids remembered against a snapshot that is announced after its job was deleted.</summary>
    private const int MaxRemoved = 10_000;

    private readonly ConcurrentDictionary<Guid, Job> _jobs = new();
    private readonly ConcurrentQueue<Guid> _arrivals = new();
    private readonly ConcurrentDictionary<Guid, bool> _removed = new();
    private readonly ConcurrentQueue<Guid> _removals = new();

    // Counted beside the collections: asking a concurrent dictionary for its count takes all of its locks, and this is asked at every change.
    private int _count;
    private int _queued;
    private long _bytes;

    // The latest job, in the store's order of arrival, that was dropped to keep the bounds.
    private long _droppedUpTo = long.MinValue;

    public int Count => Volatile.Read(ref _count);

    public long Bytes => Volatile.Read(ref _bytes);

    public Job? Find(Guid id) => _jobs.GetValueOrDefault(id);

    /// <summary>
    /// Keeps a snapshot unless a later one is known. What came, or may have come, before something that was dropped is kept only when it has ended:
    /// an announcement that comes very late would otherwise bring back how its job stood once, and nothing would ever put it right.
    /// </summary>
    public void Put(Job job)
    {
        while (true)
        {
            if (_jobs.TryGetValue(job.Id, out var known))
            {
                if (known.Version >= job.Version)
                {
                    return;
                }

                if (_jobs.TryUpdate(job.Id, job, known))
                {
                    Interlocked.Add(ref _bytes, Size(job) - Size(known));
                    break;
                }
            }
            else if (_removed.ContainsKey(job.Id) || MayBeOutdated(job))
            {
                return;
            }
            else if (_jobs.TryAdd(job.Id, job))
            {
                Interlocked.Add(ref _bytes, Size(job));
                Interlocked.Increment(ref _count);
                _arrivals.Enqueue(job.Id);
                Interlocked.Increment(ref _queued);

                // A later snapshot may have come and gone since the look above.
                if (_removed.ContainsKey(job.Id) || MayBeOutdated(job))
                {
                    Drop(job.Id);
                }

                break;
            }
        }

        Evict();
    }

    /// <summary>Forgets a job, and ignores snapshots of it that are still on their way.</summary>
    public void Remove(Guid id)
    {
        Ignore(id);
        Drop(id);
    }

    private bool MayBeOutdated(Job job) => !job.State.IsTerminal() && job.Sequence <= Volatile.Read(ref _droppedUpTo);

    private void Ignore(Guid id)
    {
        if (_removed.TryAdd(id, true))
        {
            _removals.Enqueue(id);

            if (_removals.Count > MaxRemoved && _removals.TryDequeue(out var oldest))
            {
                _removed.TryRemove(oldest, out _);
            }
        }
    }

    private void Evict()
    {
        // The second bound is for ids whose jobs were removed: they leave the dictionary at once and the queue only here.
        while ((Count > options.MaxJobs || Bytes > options.MaxBytes || Volatile.Read(ref _queued) > 2L * options.MaxJobs + 16)
            && _arrivals.TryDequeue(out var oldest))
        {
            Interlocked.Decrement(ref _queued);
            Mark(oldest);
            Drop(oldest);
        }
    }

    /// <summary>Before it is dropped, so that whoever does not find it any more finds the mark.</summary>
    private void Mark(Guid id)
    {
        if (!_jobs.TryGetValue(id, out var job))
        {
            return;
        }

        // Only Evict writes it, on many threads; it never goes down.
        for (var mark = Volatile.Read(ref _droppedUpTo); mark < job.Sequence;)
        {
            mark = Interlocked.CompareExchange(ref _droppedUpTo, job.Sequence, mark) is var seen && seen == mark ? job.Sequence : seen;
        }

        // It has ended before, and a person asked for it again: the announcement of that end may still be on its way.
        if (job is { State: JobState.Queued or JobState.Scheduled, Attempt: > 0, Failures: 0, Crashes: 0 })
        {
            Ignore(id);
        }
    }

    private void Drop(Guid id)
    {
        if (_jobs.TryRemove(id, out var dropped))
        {
            Interlocked.Add(ref _bytes, -Size(dropped));
            Interlocked.Decrement(ref _count);
        }
    }

    private static long Size(Job job) => JobSize.Of(job);
}
