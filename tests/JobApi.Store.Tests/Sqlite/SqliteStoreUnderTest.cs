using JobApi.Engine.Storage;
using JobApi.Sqlite;
using JobApi.Store.Tests.Contract;
using JobApi.Testing;
using Microsoft.Data.Sqlite;

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

    /// <summary>The second job of an id that is taken fails the call, and with it the first.</summary>
    public async Task UndoAsync()
    {
        var spec = Jobs.Spec();

        await Assert.ThrowsAsync<SqliteException>(
            () => _store!.InsertAsync(new InsertRequest([new Submission([spec, spec])], Jobs.Start), CancellationToken.None).AsTask());

        // It is told before the transaction ends that it was to share.
        await _store!.CancelAsync(JobSelection.Of(spec.Id), Jobs.Asked(), Jobs.Start, CancellationToken.None);
    }

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
        SideTables.AssertAgree(_folder.File);
        _folder.Dispose();

        return ValueTask.CompletedTask;
    }
}
