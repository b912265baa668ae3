using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage.Searching;
using JobApi.Sqlite.Database;

namespace JobApi.Sqlite.Tables;

/// <summary>The words of jobs, from their rows.</summary>
internal static class JobTexts
{
    private const string Columns = "SELECT j.seq, coalesce(j.payload, b.payload), j.tags, j.error FROM job j LEFT JOIN body b ON b.seq = j.seq";

    private const string One = $"{Columns} WHERE j.seq = $seq";

    /// <summary>Null when there is no such job.</summary>
    public static string? Of(Db db, long sequence)
    {
        using var rows = db[One].With(sequence).Read();
        return rows.Next() ? Read(rows).Words : null;
    }

    private const string Following = $"{Columns} WHERE j.seq > $after ORDER BY j.seq LIMIT $max";

    public static List<(long Sequence, string Words)> After(Db db, long after, int max)
    {
        using var rows = db[Following].With(after, (long)max).Read();
        var texts = new List<(long, string)>(max);

        while (rows.Next())
        {
            texts.Add(Read(rows));
        }

        return texts;
    }

    private static (long Sequence, string Words) Read(Rows rows)
    {
        var (sequence, payload) = (rows.Number(), rows.Bytes());
        var tags = RowJson.Read(rows.BytesOrNull(), RowJson.Default.IReadOnlyDictionaryStringString);
        JobError? error = RowJson.Read(rows.BytesOrNull(), RowJson.Default.JobError);

        return (sequence, SearchText.Of(payload, tags, error));
    }
}
