using JobApi.Engine.Storage.Turns;
using JobApi.Sqlite.Database;

namespace JobApi.Sqlite.Tables;

/// <summary>The waiting jobs of a lane in their order, on any connection.</summary>
internal static class LaneRows
{
    private const string FirstJobs = """
        SELECT priority, run_at, seq, start_by FROM waiting
        WHERE state = 1 AND lane = $lane AND is_suspect = 0 AND (start_by IS NULL OR start_by > $now)
        ORDER BY priority DESC, run_at, seq LIMIT $max
        """;

    /// <summary>A job that has crashed has started, so none of these can be past its expiry.</summary>
    private const string FirstSuspects = """
        SELECT priority, run_at, seq, start_by FROM waiting
        WHERE state = 1 AND lane = $lane AND is_suspect = 1
        ORDER BY priority DESC, run_at, seq LIMIT $max
        """;

    /// <summary>Adds the first jobs that may start at a moment.</summary>
    public static void Heads(Db db, LaneKey key, string name, DateTimeOffset now, int max, Queue<Place> places)
    {
        using var rows = key.IsSuspect ? db[FirstSuspects].With(name, (long)max).Read() : db[FirstJobs].With(name, now.UtcTicks, (long)max).Read();

        while (rows.Next())
        {
            places.Enqueue(new Place(rows.Int(), rows.Number(), rows.Number(), rows.NumberOrNull() ?? long.MaxValue));
        }
    }
}
