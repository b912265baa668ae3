using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage.InMemory;

/// <summary>Queued jobs of one type in the order of claims.</summary>
internal sealed class Lane
{
    private readonly SortedRuns<Place> _places = new();

    public bool IsEmpty => _places.First is null;

    public void Add(StoredJob stored) => _places.Add(Place.Of(stored, stored.Job));

    public void Remove(StoredJob stored, Job job) => _places.Remove(Place.Of(stored, job));

    /// <summary>How many jobs go before one, be it of this lane or another, counted up to a bound.</summary>
    public int CountBefore(StoredJob stored, int max) => _places.CountBefore(Place.Of(stored, stored.Job), max);

    /// <summary>
    /// The first job that may still start. Jobs met on the way that are past their expiry are set aside, so that they are
    /// stepped over once: they stay queued until time cancels them.
    /// </summary>
    public Place? Head(DateTimeOffset now)
    {
        while (_places.First is { } first)
        {
            if (JobLifecycle.ExpiresAt(first.Job.Job) is not { } expiresAt || expiresAt > now)
            {
                return first;
            }

            _places.Remove(first);
        }

        return null;
    }
}

/// <summary>Where a queued job stands among all others.</summary>
internal readonly record struct Place(int Priority, long DueTicks, long Sequence, StoredJob Job) : IComparable<Place>
{
    public static Place Of(StoredJob stored, Job job) => new(job.Spec.Priority, job.RunAt.UtcTicks, stored.Sequence, stored);

    /// <summary>Higher priority first, then what has been due longer, then what came first.</summary>
    public int CompareTo(Place other) =>
        other.Priority.CompareTo(Priority) is var byPriority and not 0 ? byPriority :
        DueTicks.CompareTo(other.DueTicks) is var byDue and not 0 ? byDue :
        Sequence.CompareTo(other.Sequence);
}
