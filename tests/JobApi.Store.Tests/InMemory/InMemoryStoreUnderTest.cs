using JobApi.Engine.Lifecycle;
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

    public IQueueSettings Queues => _store;

    public Task OpenAsync(StoreOptions options)
    {
        _store = new InMemoryJobStore(options, jitter: () => 0);

        return Task.CompletedTask;
    }

    public Task CatchUpAsync() => Task.CompletedTask;

    /// <summary>Here nothing is ever undone, so it is told what a file's store does not remember then: who has had a turn.</summary>
    public Task UndoAsync()
    {
        _store.ForgetTurns();

        return Task.CompletedTask;
    }

    /// <summary>Memory does not outlive its process, so the model is told what a file would find: every lease has ended, and nobody has had a turn.</summary>
    public async Task ReopenAsync(DateTimeOffset now, bool crash)
    {
        var running = new JobFilter { States = new HashSet<JobState> { JobState.Running } };
        var page = await _store.ListAsync(new JobQuery(running, PageSize: 200), CancellationToken.None);

        await _store.RenewAsync(new RenewRequest([.. page.Items.Select(job => job.Lease)], now, now), CancellationToken.None);
        _store.ForgetTurns();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
