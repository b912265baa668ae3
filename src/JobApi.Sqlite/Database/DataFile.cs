using JobApi.Engine.Files;
using Microsoft.Data.Sqlite;

namespace JobApi.Sqlite.Database;

/// <summary>
/// Finds or makes the data file. A new one is made under another name and renamed when it is complete, so an empty, short or
/// foreign file under the real name is always damage and never a start.
/// </summary>
internal static class DataFile
{
    /// <summary>Files up to this size are checked page by page at every start: a fraction of a second. Larger ones are checked as they are read.</summary>
    public const long MaxCheckedBytes = 64L << 20;

    private static ReadOnlySpan<byte> Magic => "SQLite format 3\0"u8;

    /// <summary>Makes the file if there is none, and refuses one that cannot be it. The caller holds the lock.</summary>
    public static void Prepare(string path)
    {
        if (File.Exists(path))
        {
            CheckHeader(path);
            LogFile.WriteAgain(path);
            return;
        }

        if (File.Exists(path + "-wal"))
        {
            throw new SqliteStoreException(
                $"The data file {path} is missing, but its write-ahead log {path}-wal is there. Put the file back, or move the log away to start with an empty store.");
        }

        Create(path);
    }

    /// <summary>Opens the one connection that writes.</summary>
    public static Db Open(string path, SqliteOptions options)
    {
        Db? db = null;

        try
        {
            db = new Db(path);
            Check(db, path);
            Schema.Migrate(db, path);
            Connections.Prepare(db, options);

            return db;
        }
        catch (SqliteException exception)
        {
            db?.Dispose();
            throw Damaged(path, exception.Message, exception);
        }
        catch
        {
            db?.Dispose();
            throw;
        }
    }

    private static void Create(string path)
    {
        var draft = path + ".new";
        File.Delete(draft);
        File.Delete(draft + "-journal");
        File.WriteAllBytes(draft, []);

        using (var db = new Db(draft))
        {
            db.Set("synchronous", 2);
            db.Set("application_id", Schema.ApplicationId);
            Schema.Migrate(db, draft);
        }

        File.Move(draft, path);
        DiskSync.Folder(Path.GetDirectoryName(path)!);
    }

    private static void CheckHeader(string path)
    {
        Span<byte> head = stackalloc byte[16];

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !head.SequenceEqual(Magic))
        {
            throw Damaged(path, file.Length == 0 ? "it is empty" : "it does not begin like an SQLite database", null);
        }
    }

    private static void Check(Db db, string path)
    {
        if (db.Get("application_id") != Schema.ApplicationId)
        {
            throw new SqliteStoreException($"The file {path} is an SQLite database of another program. Choose another file (JobApi:Sqlite:Path).");
        }

        if (new FileInfo(path).Length <= MaxCheckedBytes && db.Text("PRAGMA quick_check(1)") is var verdict and not "ok")
        {
            throw Damaged(path, verdict, null);
        }
    }

    private static SqliteStoreException Damaged(string path, string why, Exception? cause) => new(
        $"The data file {path} is damaged: {why}. The server does not start with an empty store in its place: restore a backup, or move the file and its -wal away.",
        cause);
}
