using JobApi.Engine.Lifecycle;
using JobApi.Sqlite.Database;

namespace JobApi.Sqlite.Tables;

/// <summary>The part of a row that a filter looks at.</summary>
internal readonly record struct WalkedJob(
    long Sequence, JobState State, string Type, string Queue, DateTimeOffset CreatedAt, bool IsCancelRequested, byte[]? Tags);

/// <summary>One stretch of a walk over jobs.</summary>
/// <param name="Found">Sequences that match, newest first.</param>
/// <param name="Next">Where the next stretch begins; null when this was the last.</param>
internal sealed record JobWalk(List<long> Found, long? Next)
{
    private const string Columns = "SELECT seq, state, type, queue, created_at, cancel_requested_at IS NOT NULL, tags FROM job";

    private const string Newest = $"{Columns} WHERE seq < $before ORDER BY seq DESC LIMIT $max";

    private const string BySequence = $"{Columns} WHERE seq = $seq";

    /// <summary>
    /// Walks from the newest down over the slim rows, as far as the stretch may go. It looks one match beyond the page, so that a full page that happens
    /// to be the last says so.
    /// </summary>
    public static JobWalk Find(Db db, WalkStretch stretch, long? before)
    {
        using var rows = db[Newest].With(before ?? long.MaxValue, (long)stretch.MaxExamined + 1).Read();

        while (rows.Next())
        {
            if (!stretch.TryTake(Read(rows)))
            {
                return stretch.Unfinished();
            }
        }

        return stretch.Finished();
    }

    /// <summary>The rows above a sequence, newest first; at most so many.</summary>
    public static List<WalkedJob> Above(Db db, long sequence, long? before, int max)
    {
        using var rows = db[Newest].With(before ?? long.MaxValue, (long)max).Read();
        var found = new List<WalkedJob>();

        while (rows.Next() && Read(rows) is var job && job.Sequence > sequence)
        {
            found.Add(job);
        }

        return found;
    }

    public static WalkedJob? One(Db db, long sequence)
    {
        using var rows = db[BySequence].With(sequence).Read();
        return rows.Next() ? Read(rows) : null;
    }

    private static WalkedJob Read(Rows rows) =>
        new(rows.Number(), (JobState)rows.Int(), rows.Text(), rows.Text(), rows.Time(), rows.Int() != 0, rows.BytesOrNull());
}
