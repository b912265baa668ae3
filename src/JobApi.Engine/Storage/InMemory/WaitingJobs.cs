using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage.Turns;

namespace JobApi.Engine.Storage.InMemory;

/// <summary>The queued jobs by lane, and the order in which they are claimed.</summary>
internal sealed class WaitingJobs
{
    private readonly Dictionary<LaneKey, SortedRuns<Spot>> _lanes = [];

    public WaitingJobs() => Order = new TurnOrder(FindHead);

    /// <summary>Whose turn it is.</summary>
    public TurnOrder Order { get; }

    public void Update(StoredJob stored, Job? before, Job? after)
    {
        if (before?.State == JobState.Queued)
        {
            Remove(LaneKey.Of(before), new Spot(Place.Of(before), stored));
        }

        if (after?.State == JobState.Queued)
        {
            Add(LaneKey.Of(after), new Spot(Place.Of(after), stored));
        }

        Order.Move(before, after);
    }

    /// <summary>The first job of a lane.</summary>
    public StoredJob First(LaneKey lane) => _lanes[lane].First!.Value.Job;

    /// <summary>At which place a job stands, up to a bound.</summary>
    public int? PlaceOf(Job job, int max)
    {
        var looks = new Dictionary<LaneKey, IEnumerator<Spot>>();
        return Order.Copy(Next, max)?.PlaceOf(job.Sequence, max);

        Place? Next(LaneKey key, DateTimeOffset now)
        {
            if (!looks.TryGetValue(key, out var look))
            {
                looks[key] = look = (_lanes.TryGetValue(key, out var lane) ? lane.Ascending() : []).GetEnumerator();
            }

            return look.MoveNext() ? look.Current.Place : null;
        }
    }

    /// <summary>
    /// Jobs met on the way that are past their expiry are set aside, so that they are stepped over once: they stay queued until time cancels them.
    /// </summary>
    private Place? FindHead(LaneKey key, DateTimeOffset now)
    {
        while (_lanes.TryGetValue(key, out var lane) && lane.First is { } first)
        {
            if (first.Place.ExpiryTicks > now.UtcTicks)
            {
                return first.Place;
            }

            Remove(key, first);
        }

        return null;
    }

    private void Add(LaneKey key, Spot spot)
    {
        if (!_lanes.TryGetValue(key, out var lane))
        {
            _lanes[key] = lane = new SortedRuns<Spot>();
        }

        lane.Add(spot);
    }

    private void Remove(LaneKey key, Spot spot)
    {
        if (_lanes.TryGetValue(key, out var lane))
        {
            lane.Remove(spot);

            if (lane.First is null)
            {
                _lanes.Remove(key);
            }
        }
    }

    private readonly record struct Spot(Place Place, StoredJob Job) : IComparable<Spot>
    {
        public int CompareTo(Spot other) => Place.CompareTo(other.Place);
    }
}
