using JobApi.Engine.Files;
using JobApi.Engine.Storage;
using JobApi.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace JobApi.Sqlite;

public sealed partial class SqliteJobStore : IStoreBackup
{
    private const string CopyInto = "VACUUM INTO $path";

    private const string NamedFiles = "SELECT DISTINCT file FROM file_use";

    /// <inheritdoc />
    public Task<StoreCopy> CopyAsync(string path, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(() => Copy(path), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>On a connection of its own: it sees one moment, and for as long as it reads the write-ahead log keeps what is written after it.</summary>
    private StoreCopy Copy(string path)
    {
        try
        {
            using (var db = new Db(_path))
            {
                db.KeepLog(true);
                db[CopyInto].With(path).Run();
            }

            using (var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite))
            {
                DiskSync.File(file);
            }

            using var copy = new Db(path);
            return new StoreCopy(Count(copy), FilesOf(copy));
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
