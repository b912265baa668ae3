using JobApi.Engine.Lifecycle;
using JobApi.Sqlite.Database;
using JobApi.Sqlite.Tables;

namespace JobApi.Sqlite;

public sealed partial class SqliteJobStore
{
    private const string QueuedTypes = "SELECT name FROM counter WHERE kind = $kind AND value > 0";

    private const string LaneOrder =
        "SELECT seq, priority, run_at FROM job INDEXED BY job_claim WHERE state = 1 AND crashes < 2 AND type = $type ORDER BY priority DESC, run_at, seq LIMIT $max";

    /// <inheritdoc />
    public ValueTask<int?> PlaceAsync(Job job, int max, CancellationToken cancellationToken) =>
        JobLifecycle.IsSuspect(job) ? ValueTask.FromResult<int?>(null) : _readers.ReadAsync(db => PlaceOf(db, job, max), cancellationToken);

    /// <summary>What goes before a job stands at the head of each lane, so a look at the heads is enough.</summary>
    private static int? PlaceOf(Db db, Job job, int max)
    {
        var ahead = 0;

        foreach (var type in Types(db))
        {
            using var rows = db[LaneOrder].With(type, (long)(max - ahead)).Read();

            while (rows.Next() && IsBefore(rows.Number(), rows.Int(), rows.Number(), job))
            {
                ahead++;
            }

            if (ahead >= max)
            {
                return null;
            }
        }

        return ahead + 1;
    }

    private static List<string> Types(Db db)
    {
        using var rows = db[QueuedTypes].With((long)Counted.Type).Read();
        var types = new List<string>();

        while (rows.Next())
        {
            types.Add(rows.Text());
        }

        return types;
    }

    private static bool IsBefore(long sequence, int priority, long runAt, Job job) =>
        priority != job.Spec.Priority ? priority > job.Spec.Priority : runAt != job.RunAt.UtcTicks ? runAt < job.RunAt.UtcTicks : sequence < job.Sequence;
}
