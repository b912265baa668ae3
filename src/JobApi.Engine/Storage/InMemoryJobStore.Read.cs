using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage;

public sealed partial class InMemoryJobStore
{
    /// <inheritdoc />
    public ValueTask<Job?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(_jobs.GetValueOrDefault(id)?.Job);
        }
    }

    /// <inheritdoc />
    public ValueTask<bool> IsGoneAsync(Guid id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(_tombstones.Contains(id));
        }
    }

    /// <inheritdoc />
    public ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellationToken)
    {
        if (query.Filter.Text is { } text)
        {
            return new(Search(query, text));
        }

        lock (_gate)
        {
            return new(List(query));
        }
    }

    /// <inheritdoc />
    public ValueTask<int?> PlaceAsync(Job job, int max, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(_jobs.TryGetValue(job.Id, out var stored) && stored.Job.State == JobState.Queued && !JobLifecycle.IsSuspect(stored.Job)
                ? _waiting.PlaceOf(stored.Job, max)
                : null);
        }
    }

    /// <inheritdoc />
    public ValueTask<JobCounts> CountAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(_tally.ToCounts(_queued.Next, queue => _queues.Find(queue)?.IsPaused == true));
        }
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlySet<Guid>> FilesInUseAsync(IReadOnlyCollection<Guid> files, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(files.Where(_files.Contains).ToHashSet());
        }
    }

    /// <summary>Looks one match beyond the page, so that a full page that happens to be the last says so.</summary>
    private JobPage List(JobQuery query)
    {
        var items = new List<Job>();
        var examined = 0;
        var (bytes, last) = (0L, 0L);

        foreach (var stored in _arrivals.Newest(query.Before))
        {
            if (examined == JobQuery.MaxExamined)
            {
                return new JobPage(items, last);
            }

            if (query.Filter.Matches(stored.Job))
            {
                if (items.Count == query.PageSize || bytes >= JobQuery.MaxBytes)
                {
                    return new JobPage(items, last);
                }

                items.Add(stored.Job);
                bytes += JobQuery.BytesOf(stored.Job);
            }

            examined++;
            last = stored.Sequence;
        }

        return new JobPage(items, null);
    }
}
