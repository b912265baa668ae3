using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace JobApi.Sqlite.Database;

/// <summary>How connections are set up, and which SQLite they may be.</summary>
internal static class Connections
{
    /// <summary>The first version without the WAL-reset bug, which could corrupt a file.</summary>
    public static Version MinVersion { get; } = new(3, 51, 3);

    /// <summary>The level of <c>synchronous</c> from which on each commit is flushed.</summary>
    private const int Full = 2;

    private const int MaxIdleWalBytes = 64 << 20;

    public static void CheckVersion(string version)
    {
        if (Version.Parse(version) < MinVersion)
        {
            throw new SqliteStoreException($"SQLite {version} is loaded; {MinVersion} or later is needed, because earlier ones can corrupt a write-ahead log.");
        }
    }

    public static string LoadedVersion()
    {
        Configure();
        using var connection = new SqliteConnection("Data Source=:memory:");
        return connection.ServerVersion;
    }

    /// <summary>
    /// Every connection here is one thread's at a time, so SQLite need not lock it, and nobody asks how much memory it takes. Holds for the process, and only before SQLite is used in it for the first time;
    /// later nothing changes, and everything works as it does with its locks.
    /// </summary>
    private static void Configure()
    {
        Batteries_V2.Init();
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    /// <summary>The writer: a commit returns when its fsync has.</summary>
    public static void Prepare(Db db, SqliteOptions options)
    {
        if (db.Text("PRAGMA journal_mode = WAL") is var mode and not "wal")
        {
            throw new SqliteStoreException($"SQLite cannot keep a write-ahead log here: the journal mode stays {mode}.");
        }

        db.Set("synchronous", options.Synchronous);
        db.GatherCommits(options.Synchronous >= Full);

        // SQLite's own checkpoints, within commits, would not say that they have failed.
        db.Set("wal_autocheckpoint", 0);
        db.Set("journal_size_limit", MaxIdleWalBytes);

        // SQLite looks through all of it whenever pages have changed places, which is at most commits.
        db.Set("cache_size", -2 * 1024);

        if (options.MaxFileBytes is { } bytes)
        {
            var pages = Math.Max(bytes / db.Get("page_size"), db.Get("page_count"));
            db.Set("max_page_count", pages);
        }
    }

    /// <summary>Copies the log as durably as the writer writes it, and waits for nobody.</summary>
    public static Db OpenCheckpointer(string path)
    {
        var db = new Db(path);
        db.KeepLog(true);
        db.Set("synchronous", Full);
        db.Set("cache_size", -64);

        return db;
    }

    public static Db OpenReader(string path)
    {
        var db = new Db(path);
        db.KeepLog(true);
        db.Set("query_only", 1);
        db.Set("cache_size", -2 * 1024);

        return db;
    }
}
