using JobApi.Engine.Storage;
using JobApi.Sqlite;
using JobApi.Sqlite.Database;
using JobApi.Testing;

namespace JobApi.Store.Tests.Sqlite;

/// <summary>While a backup reads, the write-ahead log cannot begin anew; how far it may grow is bounded.</summary>
public sealed class BackupLogTests : IDisposable
{
    /// <summary>Twice the length that the log has anyway.</summary>
    private const long MaxLogBytes = 2 * LogFile.ReservedBytes;

    private const int Count = 2_000;

    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly SqliteFolder _folder = new();
    private SqliteJobStore? _store;
    private long _longest;

    public void Dispose()
    {
        _store?.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_copy_during_which_the_log_passes_its_bound_is_given_up_and_the_log_is_written_over_again()
    {
        var store = await OpenAsync(MaxLogBytes, WriteMuch);

        var refusal = await Assert.ThrowsAsync<CopyGivenUpException>(() => store.CopyAsync(Copy, Token));

        Assert.Contains("JobApi:Sqlite:BackupMaxLogBytes", refusal.Message, StringComparison.Ordinal);
        Assert.InRange(_longest, MaxLogBytes, 2 * MaxLogBytes);
        var longest = _longest;

        for (var round = 0; round < 60; round++)
        {
            WriteMuch();
        }

        Assert.False(store.Failed.IsCompleted);
        Assert.InRange(_longest, longest, 2 * MaxLogBytes);
    }

    [Fact]
    public async Task A_copy_during_which_much_is_written_but_not_too_much_is_made()
    {
        var store = await OpenAsync(long.MaxValue, WriteMuch);

        var copy = await store.CopyAsync(Copy, Token);

        Assert.Equal(Count, copy.Counts.Backlog);
        Assert.InRange(_longest, MaxLogBytes, long.MaxValue);
    }

    [Fact]
    public async Task A_log_that_is_too_long_before_a_copy_is_no_reason_to_give_it_up()
    {
        var store = await OpenAsync(LogFile.ReservedBytes / 2, whileCopying: null);

        Assert.Equal(Count, (await store.CopyAsync(Copy, Token)).Counts.Backlog);
    }

    private string Copy => Path.Combine(_folder.Folder, "copy.db");

    private async Task<SqliteJobStore> OpenAsync(long backupMaxLogBytes, Action? whileCopying)
    {
        var store = _store = _folder.Open(backupMaxLogBytes: backupMaxLogBytes, whileCopying: whileCopying);

        for (var batch = 0; batch < Count / 1_000; batch++)
        {
            await store.InsertAsync(new InsertRequest([.. Enumerable.Range(0, 1_000).Select(_ => new Submission([Jobs.Spec()]))], Jobs.Start), Token);
        }

        return store;
    }

    /// <summary>About 1 MiB.</summary>
    private void WriteMuch()
    {
        var submissions = Enumerable.Range(0, 20).Select(_ => new Submission([Jobs.Spec(payload: $"\"{new string('x', 48_000)}\"")]));
        _ = _store!.InsertAsync(new InsertRequest([.. submissions], Jobs.Start), Token).AsTask().GetAwaiter().GetResult();
        _longest = Math.Max(_longest, _store.LogBytes);
    }
}
