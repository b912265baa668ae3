using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage.InMemory;

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
        lock (_gate)
        {
            return new(List(query));
        }
    }

    /// <inheritdoc />
    public ValueTask<JobCounts> CountAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(_tally.ToCounts(_queued.Next));
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
        var last = 0L;

        foreach (var stored in Newest(query.Before))
        {
            if (examined == JobQuery.MaxExamined)
            {
                return new JobPage(items, last);
            }

            if (query.Filter.Matches(stored.Job))
            {
                if (items.Count == query.PageSize)
                {
                    return new JobPage(items, last);
                }

                items.Add(stored.Job);
            }

            examined++;
            last = stored.Sequence;
        }

        return new JobPage(items, null);
    }

    /// <summary>Jobs from the newest down, or from below a sequence. Must be left before anything is deleted.</summary>
    private IEnumerable<StoredJob> Newest(long? before = null) => before is { } bound
        ? _arrivals.GetViewBetween(Mark(0), Mark(Math.Max(bound - 1, 0))).Reverse()
        : _arrivals.Reverse();

    private static StoredJob Mark(long sequence) => new(NoJob with { Sequence = sequence }, null);

    private static readonly Job NoJob = new()
    {
        Spec = new JobSpec
        {
            Id = Guid.Empty,
            Type = string.Empty,
            Payload = default,
            CreatedAt = default,
            RunAt = default,
            Timeout = default,
            MaxAttempts = 0,
            Backoff = Backoff.Default,
        },
        State = default,
        RunAt = default,
    };
}
