using JobApi.Engine.Storage;
using JobApi.Sqlite;

namespace JobApi.Benchmarks.Micro;

/// <summary>A data file that is deleted in the end.</summary>
internal sealed class TemporarySqliteStore : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jobapi-micro-");

    public TemporarySqliteStore() => Store = SqliteJobStore.Open(
        new SqliteOptions { Path = Path.Combine(_folder.FullName, "jobs.db") }, new StoreOptions { MaxBacklog = 2_000_000 }, SampleJobs.Now);

    public SqliteJobStore Store { get; }

    public void Dispose()
    {
        Store.Dispose();
        _folder.Delete(recursive: true);
    }
}
