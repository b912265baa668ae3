using JobApi.Engine.Storage;
using JobApi.Store.Tests.Contract;

namespace JobApi.Store.Tests.InMemory;

public sealed class InMemoryStoreUnderTest : IStoreUnderTest
{
    private InMemoryJobStore _store = new(new StoreOptions());

    public IJobQueue Queue => _store;

    public IJobReader Reader => _store;

    public IJobControl Control => _store;

    public IJobHistory History => _store;

    public Task OpenAsync(StoreOptions options)
    {
        _store = new InMemoryJobStore(options, jitter: () => 0);

        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
