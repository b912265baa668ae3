using JobApi.Engine.Files;
using JobApi.Engine.Storage;
using JobApi.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace JobApi.Sqlite;

public sealed partial class SqliteJobStore : IStoreBackup
{
    private const string CopyInto = "VACUUM INTO $path";

    /// <summary>Steps of SQLite's machine between two looks at the log: far less than a millisecond.</summary>
    private const int StepsBetweenLooks = 2_000;

    private const int Interrupted = 9;

    private const string NamedFiles = "SELECT DISTINCT file FROM file_use";

    /// <inheritdoc />
    public Task<StoreCopy> CopyAsync(string path, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(() => Copy(path), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>
    /// On a connection of its own: it sees one moment, and for as long as it reads the write-ahead log keeps what is written after it. A copy that
    /// would let the log grow without bound is given up.
    /// </summary>
    private StoreCopy Copy(string path)
    {
        try
        {
            using (var db = new Db(_path))
            {
                // A log that is longer already is written over from its beginning; only a longer one is the copy's doing.
                var most = Math.Max(_backupMaxLogBytes, LogBytes);
                db.KeepLog(true);
                db.StopIf(StepsBetweenLooks, () =>
                {
                    _whileCopying?.Invoke();
                    return LogBytes > most;
                });
                db[CopyInto].With(path).Run();
            }

            using (var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite))
            {
                DiskSync.File(file);
            }

            using var copy = new Db(path);
            return new StoreCopy(Count(copy), FilesOf(copy));
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == Interrupted)
        {
            throw new CopyGivenUpException(
                $"The write-ahead log grew beyond {_backupMaxLogBytes} bytes (JobApi:Sqlite:BackupMaxLogBytes) while the copy was made, and the copy was given up.", exception);
        }
        catch (SqliteException exception)
        {
            throw new IOException($"The store could not be copied: {exception.Message}", exception);
        }
    }

    private static List<Guid> FilesOf(Db db)
    {
        using var rows = db[NamedFiles].Read();
        var files = new List<Guid>();

        while (rows.Next())
        {
            files.Add(rows.Id());
        }

        return files;
    }
}
