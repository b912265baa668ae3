using System.Diagnostics;
using JobApi.Engine.Storage.Searching;
using JobApi.Sqlite.Database;
using JobApi.Sqlite.Tables;

namespace JobApi.Sqlite.Searching;

/// <summary>
/// One stretch of a search, newest first: the few jobs that the index does not know yet are read one by one, the others are looked up. What is looked up is always held against
/// the job's row: a job that was deleted is never shown.
/// </summary>
internal static class SearchWalk
{
    /// <summary>Jobs that are looked at in one call: reading their rows one by one costs more than walking over them.</summary>
    public const int MaxExamined = 4_000;

    /// <summary>Jobs whose words are read in one call, where the index does not tell them.</summary>
    public const int MaxRead = 500;

    private const int FirstChunk = 256;

    /// <summary>A search that has looked at shelf after shelf for so long gives what it has.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(15);

    /// <param name="db">The data file.</param>
    /// <param name="file">The index; null when it is being made, or was found damaged.</param>
    /// <param name="query">What must occur.</param>
    /// <param name="stretch">Which of the jobs, and how many.</param>
    /// <param name="before">Where to go on.</param>
    public static JobWalk Find(Db db, SearchFile? file, SearchQuery query, WalkStretch stretch, long? before)
    {
        if (file is null)
        {
            return Read(db, query, stretch, before);
        }

        // Taken before the index is asked, so that what it has learned meanwhile is not shown twice.
        var known = file.Position.Sequence;

        if (SearchSource.NewestJob(db) - known <= MaxRead)
        {
            foreach (var job in JobWalk.Above(db, known, before, MaxRead))
            {
                if (!(Occurs(db, query, job.Sequence) ? stretch.TryTake(job) : stretch.Pass(job.Sequence)))
                {
                    return stretch.Unfinished();
                }
            }
        }

        return LookUp(db, file, query, stretch, Math.Min(before ?? long.MaxValue, known + 1));
    }

    private static JobWalk LookUp(Db db, SearchFile file, SearchQuery query, WalkStretch stretch, long before)
    {
        var (start, expression, chunk, isUnderWay) = (Stopwatch.GetTimestamp(), query.ToExpression(), FirstChunk, false);

        for (var shelf = NextShelf(file, before); shelf is not null; shelf = NextShelf(file, before))
        {
            // After the first look, so that however busy the machine is every call comes further.
            if (isUnderWay && Stopwatch.GetElapsedTime(start) > Patience)
            {
                return stretch.Unfinished(before);
            }

            isUnderWay = true;

            if (file.Find(shelf.Value, expression, before, chunk) is not { } matches)
            {
                return Read(db, query, stretch, before);
            }

            foreach (var sequence in matches)
            {
                if (!(JobWalk.One(db, sequence) is { } job ? stretch.TryTake(job) : stretch.Pass(sequence)))
                {
                    return stretch.Unfinished();
                }
            }

            before = matches.Count == chunk ? matches[^1] : Shelf.First(shelf.Value);
            chunk = MaxExamined;
        }

        return stretch.Finished();
    }

    /// <summary>The newest shelf that begins below a sequence.</summary>
    private static long? NextShelf(SearchFile file, long before)
    {
        foreach (var shelf in file.Shelves.Reverse())
        {
            if (Shelf.First(shelf) < before)
            {
                return shelf;
            }
        }

        return null;
    }

    private static JobWalk Read(Db db, SearchQuery query, WalkStretch stretch, long? before)
    {
        var (examined, last) = (0, before);

        foreach (var job in JobWalk.Above(db, 0, before, MaxRead))
        {
            if (!(Occurs(db, query, job.Sequence) ? stretch.TryTake(job) : stretch.Pass(job.Sequence)))
            {
                return stretch.Unfinished();
            }

            (examined, last) = (examined + 1, job.Sequence);
        }

        return examined == MaxRead ? stretch.Unfinished(last!.Value) : stretch.Finished();
    }

    private static bool Occurs(Db db, SearchQuery query, long sequence) => JobTexts.Of(db, sequence) is { } words && query.Matches(words);

    /// <summary>For FTS5. Every term stands in quotes and consists of letters and digits, so nothing that somebody wrote is syntax.</summary>
    private static string ToExpression(this SearchQuery query) =>
        string.Join(" AND ", query.Terms.Select(term => $"\"{term.Words}\"{(term.IsPrefix ? " *" : string.Empty)}"));
}
