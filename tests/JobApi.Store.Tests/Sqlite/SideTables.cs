using JobApi.Sqlite.Database;

namespace JobApi.Store.Tests.Sqlite;

/// <summary>What only some jobs have stands beside them in tables of its own, twice: this holds the two against each other.</summary>
internal static class SideTables
{
    private const string Waiting = "SELECT seq, state, lane, queue, priority, run_at, is_suspect, start_by FROM waiting";

    private const string WaitingJobs = """
        SELECT seq, state, lane, queue, priority, run_at, crashes >= 2, CASE WHEN failures = 0 AND crashes = 0 THEN expires_at END FROM job WHERE state IN (0, 1)
        """;

    private const string Retentions = "SELECT seq, type, state, finished_at, purge_at FROM own_retention";

    private const string JobsWithRetention = "SELECT seq, type, state, finished_at, purge_at FROM job WHERE purge_at IS NOT NULL";

    private const string Holders = "SELECT value, seq FROM unique_key";

    private const string UnfinishedJobsWithKey = """
        SELECT key, seq FROM (
          SELECT CAST(coalesce(j.details, b.details) AS TEXT) ->> '$.unique.key' AS key, j.seq AS seq FROM job j LEFT JOIN body b ON b.seq = j.seq WHERE j.state < 3)
        WHERE key IS NOT NULL
        """;

    /// <summary>Fails if a closed file says of a job in one place what it does not say in the other.</summary>
    public static void AssertAgree(string file)
    {
        using var db = new Db(file);

        AssertSame(db, Waiting, WaitingJobs);
        AssertSame(db, Retentions, JobsWithRetention);
        AssertSame(db, Holders, UnfinishedJobsWithKey);
    }

    private static void AssertSame(Db db, string here, string there)
    {
        Assert.True(db[$"SELECT count(*) FROM ({here} EXCEPT {there})"].Number() == 0, $"Too much is in: {here}");
        Assert.True(db[$"SELECT count(*) FROM ({there} EXCEPT {here})"].Number() == 0, $"Something is missing in: {here}");
    }
}
