using JobApi.Engine.Lifecycle;
using JobApi.Sqlite.Database;

namespace JobApi.Sqlite.Tables;

/// <summary>A finished job on its way out.</summary>
internal readonly record struct Doomed(long Sequence, Guid Id, string Type, JobState State, long Bytes, long? Key);

/// <summary>The only place that deletes jobs, with everything that belongs to them; on the writer's thread.</summary>
internal sealed class Removal(Db db, Counters counters, int maxTombstones)
{
    private static readonly string[] Parts =
    [
        "DELETE FROM job WHERE seq = $seq",
        "DELETE FROM body WHERE seq = $seq",
        "DELETE FROM result WHERE seq = $seq",
        "DELETE FROM attempt WHERE seq = $seq",
        "DELETE FROM log WHERE seq = $seq",
        "DELETE FROM file_use WHERE seq = $seq",
    ];

    private const string ReleaseKey = "UPDATE idempotency_key SET jobs_left = jobs_left - 1 WHERE number = $key";

    public void Remove(Doomed job)
    {
        foreach (var part in Parts)
        {
            db[part].With(job.Sequence).Run();
        }

        if (job.Key is { } key)
        {
            db[ReleaseKey].With(key).Run();
        }

        Remember(job.Id);
        counters.Remove(job);
    }

    private const string InsertTombstone = "INSERT OR IGNORE INTO tombstone (id) VALUES ($id)";

    private const string DropTombstones = "DELETE FROM tombstone WHERE number <= (SELECT max(number) FROM tombstone) - $bound";

    private void Remember(Guid id)
    {
        if (maxTombstones > 0)
        {
            db[InsertTombstone].With(JobReads.Key(id)).Run();
            db[DropTombstones].With((long)maxTombstones).Run();
        }
    }

    private const string DoomedColumns = "SELECT seq, id, type, state, bytes, key FROM job";

    private const string BySequence = $"{DoomedColumns} WHERE seq = $seq";

    private const string Due = $"{DoomedColumns} INDEXED BY job_purge WHERE purge_at <= $now ORDER BY purge_at, seq LIMIT $max";

    private const string EndedFirst =
        "SELECT seq, id, type, state, bytes, key, finished_at FROM job INDEXED BY job_finished WHERE type = $type AND state = $state AND finished_at IS NOT NULL ORDER BY finished_at, seq LIMIT $max";

    public void Remove(long sequence) => Remove(Read(db[BySequence].With(sequence))[0]);

    public List<Doomed> FindDue(DateTimeOffset now, int max) => Read(db[Due].With(now.UtcTicks, (long)max));

    /// <summary>Finished jobs of one kind, those first that ended first.</summary>
    public List<(long FinishedAt, Doomed Job)> FindEndedFirst(JobState state, string type, int max)
    {
        using var rows = db[EndedFirst].With(type, (long)state, (long)max).Read();
        var found = new List<(long, Doomed)>();

        while (rows.Next())
        {
            var job = Read(rows);
            found.Add((rows.Number(), job));
        }

        return found;
    }

    private static List<Doomed> Read(Statement statement)
    {
        using var rows = statement.Read();
        var found = new List<Doomed>();

        while (rows.Next())
        {
            found.Add(Read(rows));
        }

        return found;
    }

    private static Doomed Read(Rows rows) => new(rows.Number(), rows.Id(), rows.Text(), (JobState)rows.Int(), rows.Number(), rows.NumberOrNull());
}
