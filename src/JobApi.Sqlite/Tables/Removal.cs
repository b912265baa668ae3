using JobApi.Engine.Lifecycle;
using JobApi.Sqlite.Database;

namespace JobApi.Sqlite.Tables;

/// <summary>A finished job on its way out.</summary>
internal sealed record Doomed(long Sequence, Guid Id, string Type, JobState State, long Bytes, long? Key, DateTimeOffset FinishedAt, DateTimeOffset? PurgeAt);

/// <summary>The only place that deletes jobs, with everything that belongs to them; on the writer's thread.</summary>
internal sealed class Removal(Db db, Counters counters, Tombstones tombstones)
{
    /// <summary>What every job has.</summary>
    private const string Row = "DELETE FROM job WHERE seq = $seq";

    /// <summary>What few have, and how to see whether any job of a stretch has it.</summary>
    private static readonly (string Delete, string Any)[] Extras =
    [
        ("DELETE FROM body WHERE seq = $seq", "SELECT 1 FROM body WHERE seq BETWEEN $first AND $last LIMIT 1"),
        ("DELETE FROM result WHERE seq = $seq", "SELECT 1 FROM result WHERE seq BETWEEN $first AND $last LIMIT 1"),
        ("DELETE FROM attempt WHERE seq = $seq", "SELECT 1 FROM attempt WHERE seq BETWEEN $first AND $last LIMIT 1"),
        ("DELETE FROM log WHERE seq = $seq", "SELECT 1 FROM log WHERE seq BETWEEN $first AND $last LIMIT 1"),
        ("DELETE FROM file_use WHERE seq = $seq", "SELECT 1 FROM file_use WHERE seq BETWEEN $first AND $last LIMIT 1"),
    ];

    private const string ReleaseKey = "UPDATE idempotency_key SET jobs_left = jobs_left - 1 WHERE number = $key";

    public void Remove(IReadOnlyList<Doomed> jobs)
    {
        if (jobs.Count == 0)
        {
            return;
        }

        Delete(Row, jobs);

        var (first, last) = (jobs.Min(job => job.Sequence), jobs.Max(job => job.Sequence));

        foreach (var (extra, any) in Extras)
        {
            if (db[any].With(first, last).Number() is not null)
            {
                Delete(extra, jobs);
            }
        }

        foreach (var job in jobs)
        {
            if (job.Key is { } key)
            {
                db[ReleaseKey].With(key).Run();
            }

            if (job.PurgeAt is not null)
            {
                SideRows.Forget(db, job.Sequence);
            }
        }

        foreach (var ((state, type), (count, bytes)) in jobs.AggregateBy(
            job => (job.State, job.Type), (Count: 0L, Bytes: 0L), (sum, job) => (sum.Count + 1, sum.Bytes + job.Bytes)))
        {
            counters.Remove(state, type, count, bytes);
        }

        tombstones.Add(jobs);
    }

    private void Delete(string rows, IReadOnlyList<Doomed> jobs)
    {
        var delete = db[rows];

        foreach (var job in jobs)
        {
            delete.With(job.Sequence).Run();
        }
    }

    private const string DoomedColumns = "SELECT j.seq, j.id, j.type, j.state, j.bytes, j.key, j.finished_at, j.purge_at";

    private const string BySequence = $"{DoomedColumns} FROM job j WHERE j.seq = $seq";

    private const string Due = $"""
        {DoomedColumns} FROM own_retention o INDEXED BY own_retention_due CROSS JOIN job j ON j.seq = o.seq
        WHERE o.purge_at <= $now ORDER BY o.purge_at, o.seq LIMIT $max
        """;

    private const string Ended = $"""
        {DoomedColumns} FROM job j INDEXED BY job_finished WHERE j.type = $type AND j.state = $state AND j.finished_at IS NOT NULL AND j.purge_at IS NULL
          AND (j.finished_at, j.seq) > ($finished_at, $seq) ORDER BY j.finished_at, j.seq LIMIT $max
        """;

    private const string EndedWithOwnWish = $"""
        {DoomedColumns} FROM own_retention o INDEXED BY own_retention_ended CROSS JOIN job j ON j.seq = o.seq
        WHERE o.type = $type AND o.state = $state AND (o.finished_at, o.seq) > ($finished_at, $seq) ORDER BY o.finished_at, o.seq LIMIT $max
        """;

    public void Remove(Job job) => Remove(Read(db[BySequence].With(job.Sequence)));

    /// <summary>Jobs with a retention of their own that is over, those first whose was over first.</summary>
    public List<Doomed> FindDue(DateTimeOffset now, int max) => Read(db[Due].With(now.UtcTicks, (long)max));

    /// <summary>Finished jobs of one kind, those first that ended first.</summary>
    /// <param name="state">How they ended.</param>
    /// <param name="type">What they are.</param>
    /// <param name="own">Whether those with a retention of their own are meant, or those without.</param>
    /// <param name="after">The one that came before; null for the very first.</param>
    /// <param name="max">The most to find.</param>
    public List<Doomed> FindEndedFirst(JobState state, string type, bool own, Doomed? after, int max) =>
        Read(db[own ? EndedWithOwnWish : Ended].With(type, (long)state, after?.FinishedAt.UtcTicks ?? long.MinValue, after?.Sequence ?? 0, (long)max));

    private static List<Doomed> Read(Statement statement)
    {
        using var rows = statement.Read();
        var found = new List<Doomed>();

        while (rows.Next())
        {
            found.Add(new Doomed(
                rows.Number(), rows.Id(), rows.Text(), (JobState)rows.Int(), rows.Number(), rows.NumberOrNull(), rows.Time(), rows.TimeOrNull()));
        }

        return found;
    }
}
