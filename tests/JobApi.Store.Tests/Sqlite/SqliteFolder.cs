using JobApi.Engine.Storage;
using JobApi.Sqlite;
using JobApi.Testing;

namespace JobApi.Store.Tests.Sqlite;

/// <summary>A folder of its own for a data file, gone with the test.</summary>
public sealed class SqliteFolder : IDisposable
{
    public SqliteFolder() => Directory.CreateDirectory(Folder);

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"jobapi-store-{Guid.NewGuid():N}");

    public string File => Path.Combine(Folder, "jobs.db");

    internal SqliteJobStore Open(StoreOptions? options = null, DateTimeOffset? now = null, Action? beforeCommit = null, long? maxFileBytes = null,
        Func<string, long>? freeBytes = null, TimeSpan? idle = null) =>
        SqliteJobStore.Open(
            new SqliteOptions { Path = File, MaxFileBytes = maxFileBytes },
            options ?? new StoreOptions(),
            now ?? Jobs.Start,
            new SqliteSeams
            {
                Jitter = () => 0,
                BeforeCommit = beforeCommit,
                FreeBytes = freeBytes ?? (_ => long.MaxValue),
                Idle = idle ?? TimeSpan.FromHours(1),
            });

    /// <summary>Closes a store and puts the files back as they were before: what a killed process leaves behind.</summary>
    internal void Crash(SqliteJobStore store)
    {
        var (file, log, state) = (Read(File), Read(File + "-wal"), Read(File + ".state"));
        store.Dispose();
        System.IO.File.WriteAllBytes(File, file);
        System.IO.File.WriteAllBytes(File + "-wal", log);
        System.IO.File.WriteAllBytes(File + ".state", state);
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
