using JobApi.Engine.Storage;
using JobApi.Sqlite;
using JobApi.Store.Tests.Contract;

namespace JobApi.Store.Tests.Sqlite;

public sealed class SqliteStoreUnderTest : IStoreUnderTest
{
    private readonly SqliteFolder _folder = new();
    private StoreOptions _options = new();
    private SqliteJobStore? _store;

    public IJobQueue Queue => _store!;

    public IJobReader Reader => _store!;

    public IJobControl Control => _store!;

    public IJobHistory History => _store!;

    public IQueueSettings Queues => _store!;

    public Task OpenAsync(StoreOptions options)
    {
        _options = options;
        _store = _folder.Open(options);

        return Task.CompletedTask;
    }

    public Task CatchUpAsync() => _store!.CatchUpAsync();

    public Task ReopenAsync(DateTimeOffset now, bool crash)
    {
        if (crash)
        {
            _folder.Crash(_store!);
        }
        else
        {
            _store!.Dispose();
        }

        _store = _folder.Open(_options, now);

        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _store?.Dispose();
        _folder.Dispose();

        return ValueTask.CompletedTask;
    }
}
