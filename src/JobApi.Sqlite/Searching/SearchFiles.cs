using JobApi.Sqlite.Database;
using JobApi.Sqlite.Tables;
using Microsoft.Data.Sqlite;

namespace JobApi.Sqlite.Searching;

/// <summary>Opens the index of a data file, or makes it anew: a file that is not exactly what is expected is not worth a question.</summary>
internal static class SearchFiles
{
    /// <summary>"JobS".</summary>
    private const long ApplicationId = 0x4A6F6253;

    /// <summary>Of the layout, and of what <see cref="Engine.Storage.Searching.SearchText"/> takes for a word.</summary>
    private const long Version = 1;

    private const int LogPages = 4_000;

    private const string Tables =
        "CREATE TABLE position (one INTEGER PRIMARY KEY CHECK (one = 1), source BLOB NOT NULL, seq INTEGER NOT NULL, change INTEGER NOT NULL, documents INTEGER NOT NULL)";

    public static string PathOf(string dataFile) => dataFile + ".search";

    /// <summary>What nobody keeps would miss changes: without search there is no index.</summary>
    public static void DeleteUnless(bool isKept, string dataFile)
    {
        try
        {
            if (!isKept)
            {
                Delete(PathOf(dataFile));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // No start fails for an index that nobody asks.
        }
    }

    public static void Delete(string path)
    {
        foreach (var suffix in (string[])["-wal", "-shm", "-journal", ""])
        {
            File.Delete(path + suffix);
        }
    }

    public static Db OpenReader(string path)
    {
        var db = new Db(path);
        db.Set("query_only", 1);
        db.Set("cache_size", -4 * 1024);

        return db;
    }

    /// <summary>The index as an earlier process left it; null when it is not worth a question.</summary>
    /// <param name="dataFile">The file that is indexed, into which nothing was written since it was opened: otherwise it may have caught up with an index that is ahead of it.</param>
    /// <param name="source">A connection to it.</param>
    public static SearchFile? TryOpen(string dataFile, Db source)
    {
        var path = PathOf(dataFile);

        // SQLite would take an empty file for a database that has no tables yet.
        if (!File.Exists(path))
        {
            return null;
        }

        Db? db = null;

        try
        {
            db = new Db(path);

            if (db.Get("application_id") == ApplicationId && db.Get("user_version") == Version && Read(db, source) is { } position)
            {
                Prepare(db);
                var tables = db.Names("SELECT name FROM sqlite_schema WHERE type = 'table'");
                return new SearchFile(path, db, position, tables.Select(Shelf.Read).OfType<long>());
            }
        }
        catch (SqliteException)
        {
            // It is made anew.
        }

        db?.Dispose();
        return null;
    }

    /// <summary>Damage that only a new file mends; anything else, such as a full disk, may pass by itself.</summary>
    public static bool IsDamage(SqliteException exception) => exception.SqliteErrorCode is Error or Corrupt or NotADatabase;

    private const int Error = 1;
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    /// <summary>Null when it belongs to another file, or knows more than there is: then the data file was put back to an earlier day.</summary>
    private static SearchPosition? Read(Db db, Db source)
    {
        using var rows = db["SELECT source, seq, change, documents FROM position WHERE one = 1"].Read();

        if (!rows.Next() || !rows.Bytes().AsSpan().SequenceEqual(SearchSource.Identity(source)))
        {
            return null;
        }

        var position = new SearchPosition(rows.Number(), rows.Number(), rows.Number());

        return position.Sequence <= SearchSource.LastSequence(source) && position.Change <= SearchSource.NewestChange(source) ? position : null;
    }

    /// <summary>An empty index.</summary>
    public static SearchFile Make(string dataFile, Db source)
    {
        var path = PathOf(dataFile);
        Delete(path);
        File.WriteAllBytes(path, []);
        var position = new SearchPosition(0, SearchSource.NewestChange(source), 0);
        var db = new Db(path);

        try
        {
            Prepare(db);
            db["BEGIN IMMEDIATE"].Run();
            db.Execute(Tables);
            db["INSERT INTO position (one, source, seq, change, documents) VALUES (1, $source, 0, $change, 0)"].With(SearchSource.Identity(source), position.Change).Run();
            db.Execute($"PRAGMA application_id = {ApplicationId}");
            db.Execute($"PRAGMA user_version = {Version}");
            db["COMMIT"].Run();
            return new SearchFile(path, db, position, []);
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    private static void Prepare(Db db)
    {
        _ = db.Text("PRAGMA journal_mode = WAL");
        db.Set("synchronous", 1);
        db.Set("wal_autocheckpoint", LogPages);
        db.Set("cache_size", -8 * 1024);
    }
}
