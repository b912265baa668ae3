using JobApi.Engine.Files;
using JobApi.Sqlite.Writing;
using Microsoft.Data.Sqlite;

namespace JobApi.Sqlite.Database;

/// <summary>
/// Finds or makes the data file. A new one is made under another name and renamed when it is complete, so an empty, short or
/// foreign file under the real name is always damage and never a start.
/// </summary>
internal static class DataFile
{
    /// <summary>Makes the file if there is none, and refuses one that cannot be it. The caller holds the lock.</summary>
    public static void Prepare(string path)
    {
        var mark = new StateMark(path);
        var end = mark.Read();

        if (File.Exists(path))
        {
            Damage.CheckHeader(path);
            CheckLog(path, end, mark);
            WriteLogAgain(path);
            return;
        }

        if (File.Exists(path + "-wal"))
        {
            throw new SqliteStoreException(
                $"The data file {path} is missing, but its write-ahead log {path}-wal is there. Put the file back, or move the log away to start with an empty store.");
        }

        if (end != LastEnd.Unknown)
        {
            throw new SqliteStoreException(
                $"The data file {path} is missing, although {mark.Path} says that there was one. Put the file back or restore a backup; to start with an empty store, delete {mark.Path}.");
        }

        Create(path);
    }

    private static void CheckLog(string path, LastEnd end, StateMark mark)
    {
        if (end == LastEnd.Open && !File.Exists(path + "-wal"))
        {
            throw new SqliteStoreException(
                $"The write-ahead log {path}-wal is missing. The last process ended without closing {path}, so what was answered last is in that log alone. Put it back or restore a backup; to go on without it, delete {mark.Path}.");
        }

        // Whether it is the log that the last process wrote is known as long as the machine has not gone down since: what it had in memory is still there.
        if (end == LastEnd.Open && mark.IsOfThisBoot && !LogWitness.IsBorneOutBy(path))
        {
            throw new SqliteStoreException(
                $"The write-ahead log {path}-wal is not the one that the last process left: it was emptied, cut or replaced, and what was answered last was in it. Put it back or restore a backup; to go on without it, delete {path}-shm.");
        }
    }

    private static void WriteLogAgain(string path)
    {
        try
        {
            LogFile.WriteAgain(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SqliteStoreException(
                $"The write-ahead log {path}-wal could not be read and written again: {exception.Message} What was answered last is in it; the server starts when the disk lets it.",
                exception);
        }
    }

    /// <summary>Opens the one connection that writes.</summary>
    public static Db Open(string path, SqliteOptions options)
    {
        Db? db = null;

        try
        {
            db = new Db(path);
            db.KeepLog(true);
            Damage.Check(db, path);
            Schema.Migrate(db, path);
            Connections.Prepare(db, options);
            MarkOpen(db, path);

            return db;
        }
        catch (SqliteException exception)
        {
            db?.Dispose();
            throw Damage.Or(path, exception);
        }
        catch
        {
            db?.Dispose();
            throw;
        }
    }

    /// <summary>Has SQLite make the log, and only then says that it matters. The log gets its length last: on a full disk it does without, and the mark finds the room that is left.</summary>
    private static void MarkOpen(Db db, string path)
    {
        db.Execute("BEGIN IMMEDIATE");
        db.Execute("COMMIT");
        new StateMark(path).Open();
        LogFile.Reserve(path);
    }

    /// <summary>Copies the whole log into the file, and then says that it does not matter any more.</summary>
    public static void Close(Db db, string path)
    {
        if (db.Checkpoint("TRUNCATE", Checkpoints.Patience) is { IsBusy: false, Pages: 0 })
        {
            new StateMark(path).Closed();
            db.KeepLog(false);
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
}
