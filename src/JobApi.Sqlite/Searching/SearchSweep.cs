using JobApi.Sqlite.Database;
using JobApi.Sqlite.Tables;

namespace JobApi.Sqlite.Searching;

/// <summary>One walk through the index for jobs that were deleted, a stretch at a time.</summary>
internal sealed class SearchSweep(SearchFile file)
{
    private const int Stretch = 2_000;

    /// <summary>The part of the index that may be of deleted jobs before it is worth a walk.</summary>
    private const int Share = 20;

    private readonly Queue<long> _shelves = new(file.Shelves);
    private long _after;

    /// <param name="position">What is in the index.</param>
    /// <param name="jobs">What is in the data file.</param>
    public static bool IsDue(SearchPosition position, long jobs) => position.Documents - jobs > position.Documents / Share;

    /// <summary>The next stretch; false when there is none.</summary>
    public bool Next(Db source)
    {
        if (file.IsDamaged || !_shelves.TryPeek(out var shelf))
        {
            return false;
        }

        var known = file.Documents(shelf, _after, Stretch);

        if (known.Count == 0)
        {
            Leave(shelf);
            return true;
        }

        var left = SearchSource.JobsBetween(source, known[0] - 1, known[^1]);
        var gone = known.Where(sequence => !left.Contains(sequence)).ToList();
        _after = known[^1];

        if (gone.Count > 0)
        {
            file.Write(gone, [], file.Position with { Documents = file.Position.Documents - gone.Count });
        }

        return true;
    }

    /// <summary>A shelf that new jobs do not come to any more, and that none is left on, is thrown away.</summary>
    private void Leave(long shelf)
    {
        if (shelf < Shelf.Of(file.Position.Sequence) && file.Documents(shelf, after: 0, max: 1).Count == 0)
        {
            file.Clear(shelf);
        }

        _shelves.Dequeue();
        _after = 0;
    }
}
