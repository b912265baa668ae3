using System.Globalization;
using JobApi.Sqlite.Database;

namespace JobApi.Store.Tests.Sqlite;

/// <summary>The pages of a commit are written to the log together, and nobody can tell from what is in it.</summary>
public sealed class LogCommitTests : IDisposable
{
    private const int Full = 2;

    private readonly SqliteFolder _folder = new();

    public LogCommitTests()
    {
        using var db = Open();
        db.Execute("CREATE TABLE row (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL)");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, 1, 5)]
    [InlineData(false, 50, int.MaxValue)]
    public void A_commit_of_many_pages_takes_few_calls_of_the_system(bool gathers, long atLeast, long atMost)
    {
        using var db = Open(gathers);
        db.Execute("BEGIN IMMEDIATE");
        Insert(db, 1, 50);
        var before = WritesOfThisThread();

        db.Commit();

        // Which calls there are is Linux's to tell, and elsewhere nothing is gathered.
        Assert.InRange(OperatingSystem.IsLinux() ? WritesOfThisThread() - before : atLeast, atLeast, atMost);
        AssertHas(50);
    }

    [Fact]
    public void A_commit_that_is_larger_than_what_is_written_at_once_is_whole()
    {
        var rows = 5 * LogCommit.MaxBytes / 4_096;
        using var db = Open(gathers: true);
        db.Execute("BEGIN IMMEDIATE");
        Insert(db, 1, rows);

        db.Commit();

        AssertHas(rows);
    }

    [Fact]
    public void Pages_that_were_in_the_log_already_and_change_again_are_written_once_more()
    {
        using var db = Open(gathers: true);
        db.Set("cache_size", 10);
        db.Execute("BEGIN IMMEDIATE");
        Insert(db, 1, 200);

        // The cache is far too small, so most pages have gone to the log. Changing them makes SQLite read the log within the commit, for its checksums.
        db.Execute("UPDATE row SET bytes = CAST(printf('%03000d', number) AS BLOB)");
        Insert(db, 201, 1);

        db.Commit();

        AssertHas(201);
        using var other = Open();
        Assert.Equal(200, other["SELECT count(*) FROM row WHERE bytes = CAST(printf('%03000d', number) AS BLOB)"].Number());
    }

    [Fact]
    public void What_was_committed_is_there_after_the_log_was_begun_anew()
    {
        using var db = Open(gathers: true);

        for (var round = 0; round < 3; round++)
        {
            db.Execute("BEGIN IMMEDIATE");
            Insert(db, (round * 40) + 1, 40);
            db.Commit();
            Assert.True(db.Checkpoint("RESTART").IsWhole);
        }

        AssertHas(120);
    }

    [Fact]
    public void A_commit_without_a_flush_is_refused_and_damages_nothing()
    {
        using var db = Open(gathers: true);
        db.Set("synchronous", 1);
        db.Execute("BEGIN IMMEDIATE");
        Insert(db, 1, 50);

        // Only where there is something to gather.
        if (OperatingSystem.IsLinux())
        {
            Assert.Throws<InvalidOperationException>(db.Commit);
            AssertHas(50);
        }
    }

    private static void Insert(Db db, int first, int count)
    {
        for (var number = first; number < first + count; number++)
        {
            db["INSERT INTO row (number, bytes) VALUES ($number, zeroblob(3000))"].With((long)number).Run();
        }
    }

    /// <summary>Seen by another connection, and by SQLite's own look at every page.</summary>
    private void AssertHas(long rows)
    {
        using var other = Open();
        Assert.Equal(rows, other["SELECT count(*) FROM row"].Number());
        Assert.Equal("ok", other.Text("PRAGMA integrity_check"));
    }

    private Db Open(bool gathers = false)
    {
        if (!File.Exists(_folder.File))
        {
            File.WriteAllBytes(_folder.File, []);
        }

        var db = new Db(_folder.File);
        Assert.Equal("wal", db.Text("PRAGMA journal_mode = WAL"));
        db.Set("synchronous", Full);
        db.GatherCommits(gathers);

        return db;
    }

    private static long WritesOfThisThread() => OperatingSystem.IsLinux()
        ? File.ReadLines("/proc/thread-self/io").Where(line => line.StartsWith("syscw:", StringComparison.Ordinal)).Select(line => long.Parse(line.AsSpan(6), CultureInfo.InvariantCulture)).Single()
        : 0;
}
