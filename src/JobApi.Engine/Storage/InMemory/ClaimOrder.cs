using System.Runtime.InteropServices;

namespace JobApi.Engine.Storage.InMemory;

/// <summary>Merges the heads of lanes. The caller takes the first job out of its lane and then asks for the next.</summary>
internal sealed class ClaimOrder(DateTimeOffset now)
{
    private readonly List<Cursor> _cursors = [];

    public void Add(Lane lane, int budget)
    {
        if (budget > 0 && lane.Head(now) is { } head)
        {
            _cursors.Add(new Cursor(lane, head, budget));
        }
    }

    /// <summary>The index of the lane whose head goes first; -1 when there is none. Types are few, so a walk beats a heap.</summary>
    public int First()
    {
        var first = -1;

        for (var index = 0; index < _cursors.Count; index++)
        {
            if (first < 0 || _cursors[index].Head.CompareTo(_cursors[first].Head) < 0)
            {
                first = index;
            }
        }

        return first;
    }

    public StoredJob Head(int lane) => _cursors[lane].Head.Job;

    /// <summary>The head of a lane was claimed.</summary>
    public void Taken(int lane)
    {
        ref var cursor = ref CollectionsMarshal.AsSpan(_cursors)[lane];
        cursor.Budget--;

        if (cursor.Budget > 0 && cursor.Lane.Head(now) is { } next)
        {
            cursor.Head = next;
        }
        else
        {
            _cursors.RemoveAt(lane);
        }
    }

    private record struct Cursor(Lane Lane, Place Head, int Budget);
}
