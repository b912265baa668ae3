namespace JobApi.Engine.Storage.InMemory;

/// <summary>All jobs in the order of their arrival.</summary>
internal sealed class Arrivals
{
    private readonly SortedRuns<Arrival> _arrivals = new();

    public void Add(StoredJob stored) => _arrivals.Add(new Arrival(stored.Sequence, stored));

    public void Remove(StoredJob stored) => _arrivals.Remove(new Arrival(stored.Sequence, stored));

    /// <summary>The newest first, or those before a sequence. Must be left before a job comes or goes.</summary>
    public IEnumerable<StoredJob> Newest(long? before = null) =>
        _arrivals.Descending(before is { } sequence ? new Arrival(sequence, null) : null).Select(arrival => arrival.Job!);

    /// <param name="Sequence">The place.</param>
    /// <param name="Job">The job; null for a place to look from.</param>
    private readonly record struct Arrival(long Sequence, StoredJob? Job) : IComparable<Arrival>
    {
        public int CompareTo(Arrival other) => Sequence.CompareTo(other.Sequence);
    }
}
