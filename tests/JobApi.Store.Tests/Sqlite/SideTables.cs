using JobApi.Sqlite.Database;

namespace JobApi.Store.Tests.Sqlite;

/// <summary>What only some jobs have stands beside them in tables of its own, and where jobs run is counted: this holds what stands twice against each other.</summary>
internal static class SideTables
{
    private const string Waiting = "SELECT seq, state, lane, queue, priority, run_at, is_suspect, start_by FROM waiting";

    /// <summary>A job's lane; it is not written down where it follows from the job's type and queue.</summary>
    public const string Lane = "coalesce(lane, length(type) || '.' || length(queue) || ':' || type || queue)";

    private const string WaitingJobs = $"""
        SELECT seq, state, {Lane}, queue, priority, run_at, crashes >= 2, CASE WHEN failures = 0 AND crashes = 0 THEN expires_at END FROM job WHERE state IN (0, 1)
        """;

    private const string Retentions = "SELECT seq, type, state, finished_at, purge_at FROM own_retention";

    private const string JobsWithRetention = "SELECT seq, type, state, finished_at, purge_at FROM job WHERE purge_at IS NOT NULL";

    private const string Holders = "SELECT value, seq FROM unique_key";

    private const string UnfinishedJobsWithKey = """
        SELECT key, seq FROM (
          SELECT CAST(coalesce(j.details, b.details) AS TEXT) ->> '$.unique.key' AS key, j.seq AS seq FROM job j LEFT JOIN body b ON b.seq = j.seq WHERE j.state < 3)
        WHERE key IS NOT NULL
        """;

    private const string Stretches = "SELECT name, value FROM counter WHERE kind = 10";

    private const string StretchesOfJobs = "SELECT CAST(seq / 256 AS TEXT), count(*) FROM job WHERE state = 2 GROUP BY seq / 256";

    private const string Leased = "SELECT value FROM counter WHERE kind = 11";

    private const string LeasesOfJobs = "SELECT count(*) FROM job WHERE state = 2 AND lease_expires_at < 3155378975999999999 HAVING count(*) > 0";

    /// <summary>Fails if a closed file says of a job in one place what it does not say in the other.</summary>
    public static void AssertAgree(string file)
    {
        using var db = new Db(file);

        AssertSame(db, Waiting, WaitingJobs);
        AssertSame(db, Retentions, JobsWithRetention);
        AssertSame(db, Holders, UnfinishedJobsWithKey);
        AssertSame(db, Stretches, StretchesOfJobs);
        AssertSame(db, Leased, LeasesOfJobs);
    }

    private static void AssertSame(Db db, string here, string there)
    {
        Assert.True(db[$"SELECT count(*) FROM ({here} EXCEPT {there})"].Number() == 0, $"Too much is in: {here}");
        Assert.True(db[$"SELECT count(*) FROM ({there} EXCEPT {here})"].Number() == 0, $"Something is missing in: {here}");
    }
}
