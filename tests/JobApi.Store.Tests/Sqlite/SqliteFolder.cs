using JobApi.Engine.Storage;
using JobApi.Sqlite;
using JobApi.Sqlite.Writing;
using JobApi.Testing;

namespace JobApi.Store.Tests.Sqlite;

/// <summary>A folder of its own for a data file, gone with the test.</summary>
public sealed class SqliteFolder : IDisposable
{
    public SqliteFolder() => Directory.CreateDirectory(Folder);

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"jobapi-store-{Guid.NewGuid():N}");

    public string File => Path.Combine(Folder, "jobs.db");

    internal SqliteJobStore Open(StoreOptions? options = null, DateTimeOffset? now = null, Action? beforeCommit = null, long? maxFileBytes = null,
        Func<string, long>? freeBytes = null, TimeSpan? idle = null, long backupMaxLogBytes = long.MaxValue, Action? whileCopying = null, TimeSpan? endPatience = null, TimeSpan? forLocks = null) =>
        SqliteJobStore.Open(
            new SqliteOptions { Path = File, MaxFileBytes = maxFileBytes, BackupMaxLogBytes = backupMaxLogBytes },
            options ?? new StoreOptions(),
            now ?? Jobs.Start,
            new SqliteSeams
            {
                Jitter = () => 0,
                Patience = new Patience(ForHands: TimeSpan.FromHours(1), endPatience ?? new SqliteSeams().Patience.ForCompany),
                BeforeCommit = beforeCommit,
                WhileCopying = whileCopying,
                FreeBytes = freeBytes ?? (_ => long.MaxValue),
                Idle = idle ?? TimeSpan.FromHours(1),
                ForLocks = forLocks ?? new SqliteSeams().ForLocks,
            });

    /// <summary>Closes a store and puts the files back as they were before: what a killed process leaves behind.</summary>
    internal void Crash(SqliteJobStore store)
    {
        var left = new[] { File, File + "-wal", File + "-shm", File + ".state" }.Select(path => (Path: path, Bytes: Read(path))).ToList();
        store.Dispose();
        left.ForEach(file => System.IO.File.WriteAllBytes(file.Path, file.Bytes));
    }

    private static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var copy = new MemoryStream();
        file.CopyTo(copy);

        return copy.ToArray();
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
