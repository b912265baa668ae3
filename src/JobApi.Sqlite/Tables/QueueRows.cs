using JobApi.Sqlite.Database;

namespace JobApi.Sqlite.Tables;

/// <summary>What people decided about a queue.</summary>
internal readonly record struct QueueSetting(string Name, bool IsPaused, int? Limit)
{
    public bool IsRestricted => IsPaused || Limit is not null;
}

/// <summary>The queues that are paused or limited: a row each.</summary>
internal static class QueueRows
{
    private const string All = "SELECT name, is_paused, concurrency_limit FROM queue ORDER BY name";

    private const string One = "SELECT name, is_paused, concurrency_limit FROM queue WHERE name = $name";

    private const string Store = """
        INSERT INTO queue (name, is_paused, concurrency_limit) VALUES ($name, $is_paused, $limit)
        ON CONFLICT (name) DO UPDATE SET is_paused = excluded.is_paused, concurrency_limit = excluded.concurrency_limit
        """;

    private const string HowMany = "SELECT count(*) FROM queue";

    private const string Drop = "DELETE FROM queue WHERE name = $name";

    public static List<QueueSetting> Restricted(Db db) => Read(db[All]);

    public static long Count(Db db) => db[HowMany].With().Number() ?? 0;

    public static QueueSetting Find(Db db, string name) => Read(db[One].With(name)) is [var found] ? found : new QueueSetting(name, false, null);

    public static void Put(Db db, QueueSetting queue)
    {
        if (!queue.IsRestricted)
        {
            db[Drop].With(queue.Name).Run();
        }
        else
        {
            db[Store].With(queue.Name, queue.IsPaused ? 1 : 0, queue.Limit).Run();
        }
    }

    private static List<QueueSetting> Read(Statement statement)
    {
        using var rows = statement.Read();
        var found = new List<QueueSetting>();

        while (rows.Next())
        {
            found.Add(new QueueSetting(rows.Text(), rows.Int() != 0, (int?)rows.NumberOrNull()));
        }

        return found;
    }
}
