namespace JobApi.Engine.Storage.InMemory;

/// <summary>
/// A sorted set, kept as short sorted runs. Like a tree it finds any place in a logarithmic number of steps, but jobs mostly
/// come and go at the ends of an order, where a run costs a fraction of a tree's node in time and memory.
/// </summary>
internal sealed class SortedRuns<T>
    where T : struct, IComparable<T>
{
    private const int MaxLength = 128;

    // No run is empty.
    private readonly List<List<T>> _runs = [];

    public T? First => _runs.Count == 0 ? null : _runs[0][0];

    public void Add(T item)
    {
        var index = Math.Min(RunOf(item), _runs.Count - 1);

        if (index < 0 || (index == _runs.Count - 1 && _runs[index].Count == MaxLength && _runs[index][^1].CompareTo(item) < 0))
        {
            _runs.Add([item]);
            return;
        }

        var run = _runs[index];

        if (run.BinarySearch(item) is var found and < 0)
        {
            run.Insert(~found, item);
        }

        if (run.Count > MaxLength)
        {
            _runs.Insert(index + 1, run[(MaxLength / 2)..]);
            run.RemoveRange(MaxLength / 2, run.Count - (MaxLength / 2));
        }
    }

    public void Remove(T item)
    {
        var index = RunOf(item);

        if (index == _runs.Count || _runs[index].BinarySearch(item) is not (var found and >= 0))
        {
            return;
        }

        var run = _runs[index];
        run.RemoveAt(found);

        if (run.Count == 0)
        {
            _runs.RemoveAt(index);
        }
        else if (index + 1 < _runs.Count && run.Count + _runs[index + 1].Count <= MaxLength / 2)
        {
            // Otherwise a few old items, each alone in its run, would hold on to the memory of all that were around them.
            run.AddRange(_runs[index + 1]);
            _runs.RemoveAt(index + 1);
        }
    }

    /// <summary>The items from the first up. Must be left before anything changes.</summary>
    public IEnumerable<T> Ascending() => _runs.SelectMany(run => run);

    /// <summary>The items below a bound, or all of them, from the last down. Must be left before anything changes.</summary>
    public IEnumerable<T> Descending(T? below)
    {
        for (var index = below is { } bound ? Math.Min(RunOf(bound), _runs.Count - 1) : _runs.Count - 1; index >= 0; index--)
        {
            for (var place = _runs[index].Count - 1; place >= 0; place--)
            {
                if (below is null || _runs[index][place].CompareTo(below.Value) < 0)
                {
                    yield return _runs[index][place];
                }
            }
        }
    }

    /// <summary>The first run that does not end before an item; one past the last when all do.</summary>
    private int RunOf(T item)
    {
        var (low, high) = (0, _runs.Count);

        while (low < high)
        {
            var middle = (low + high) / 2;

            if (_runs[middle][^1].CompareTo(item) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
