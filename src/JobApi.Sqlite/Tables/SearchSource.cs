using JobApi.Sqlite.Database;

namespace JobApi.Sqlite.Tables;

/// <summary>What the data file tells the search index about itself.</summary>
internal static class SearchSource
{
    private const string NoteChange = "INSERT INTO search_change (seq) VALUES ($seq)";

    /// <summary>A job's words changed; written with the change itself.</summary>
    public static void Note(Db db, long sequence) => db[NoteChange].With(sequence).Run();

    private const string Changed = "SELECT number, seq FROM search_change WHERE number > $after ORDER BY number LIMIT $max";

    public static List<(long Number, long Sequence)> Changes(Db db, long after, int max)
    {
        using var rows = db[Changed].With(after, (long)max).Read();
        var changes = new List<(long, long)>();

        while (rows.Next())
        {
            changes.Add((rows.Number(), rows.Number()));
        }

        return changes;
    }

    // The latest stays, so that no number is given twice.
    private const string ForgetChanges =
        "DELETE FROM search_change WHERE number IN (SELECT number FROM search_change WHERE number < $number ORDER BY number LIMIT $max)";

    /// <summary>How many there were, so many at the most.</summary>
    public static int Forget(Db db, long number, int max) => db[ForgetChanges].With(number, (long)max).Run();

    public static long NewestChange(Db db) => db["SELECT max(number) FROM search_change"].Number() ?? 0;

    /// <summary>The last number that was given to a job, whether or not the job is still there.</summary>
    public static long LastSequence(Db db) => db["SELECT value FROM counter WHERE kind = 0 AND name = ''"].Number() ?? 0;

    public static long NewestJob(Db db) => db["SELECT max(seq) FROM job"].Number() ?? 0;

    public static long Jobs(Db db) => db["SELECT sum(value) FROM counter WHERE kind = 1"].Number() ?? 0;

    private const string Following = "SELECT created_at FROM job WHERE seq > $after ORDER BY seq LIMIT 1";

    public static DateTimeOffset? OldestAfter(Db db, long sequence) =>
        db[Following].With(sequence).Number() is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    private const string Between = "SELECT seq FROM job WHERE seq > $after AND seq <= $last";

    public static HashSet<long> JobsBetween(Db db, long after, long last) => [.. db[Between].With(after, last).Numbers()];

    public static byte[] Identity(Db db)
    {
        using var rows = db["SELECT id FROM identity WHERE one = 1"].Read();
        return rows.Next() ? rows.Bytes() : [];
    }
}
