using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Sqlite;
using JobApi.Sqlite.Database;
using JobApi.Sqlite.Writing;
using JobApi.Testing;

namespace JobApi.Store.Tests.Sqlite;

/// <summary>The write-ahead log stays small, whatever goes on.</summary>
public sealed class CheckpointTests : IDisposable
{
    private const int PageBytes = 4_096 + 24;

    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_log_stays_bounded_under_writes_that_never_pause_while_readers_come_and_go()
    {
        using var store = _folder.Open();
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(() => ReadUntilAsync(store, done.Token), Token)).ToList();

        // Some 75 MiB of payloads, each written to the log and from there to the file.
        var largest = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => WriteAsync(store, 200), Token)));
        await done.CancelAsync();
        var pages = await Task.WhenAll(readers);

        Assert.All(pages, count => Assert.True(count > 10, "The readers did not come and go."));
        Assert.InRange(largest.Max(), 1, 2L * Checkpoints.MaxPages * PageBytes);
        Assert.Equal(1_600, (await store.CountAsync(Token)).Backlog);
    }

    [Fact]
    public async Task An_idle_store_has_everything_in_its_data_file_and_goes_on_from_there()
    {
        using var store = _folder.Open(idle: TimeSpan.FromMilliseconds(10));

        for (var round = 1; round <= 3; round++)
        {
            await InsertAsync(store, Jobs.Spec());
            await UntilAsync(() => store.IsSettled);

            Assert.Equal(round, JobsInTheFileAlone());
        }
    }

    [Fact]
    public async Task The_log_has_its_length_before_the_first_commit_and_keeps_it_when_the_store_rests()
    {
        using var store = _folder.Open(idle: TimeSpan.FromMilliseconds(10));
        var lengths = new List<long> { store.LogBytes };

        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => InsertAsync(store, Jobs.Spec())));
            lengths.Add(store.LogBytes);
            await UntilAsync(() => store.IsSettled);
            lengths.Add(store.LogBytes);
        }

        Assert.All(lengths, length => Assert.Equal(LogFile.ReservedBytes, length));
    }

    [Fact]
    public async Task A_log_that_has_grown_is_cut_when_the_store_rests()
    {
        using var store = _folder.Open(idle: TimeSpan.FromMilliseconds(10));
        using var reader = new Db(_folder.File);
        reader["BEGIN"].Run();
        Assert.Equal(0, reader["SELECT count(*) FROM job"].Number());
        await WriteAsync(store, 500);
        Assert.InRange(store.LogBytes, 20L << 20, long.MaxValue);

        reader["COMMIT"].Run();

        await UntilAsync(() => store.IsSettled && store.LogBytes < 16 << 20);
        Assert.Equal(500, JobsInTheFileAlone());
    }

    [Fact]
    public async Task A_reader_that_stays_for_long_keeps_the_log_and_nobody_from_writing()
    {
        using var store = _folder.Open();
        await InsertAsync(store, Jobs.Spec());
        using var reader = new Db(_folder.File);
        using var checkpointer = Connections.OpenCheckpointer(_folder.File);
        reader["BEGIN"].Run();
        Assert.Equal(1, reader["SELECT count(*) FROM job"].Number());
        await InsertAsync(store, Jobs.Spec());

        var cut = Task.Run(() => checkpointer.Checkpoint("TRUNCATE"), Token);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => InsertAsync(store, Jobs.Spec())));

        Assert.True((await cut).IsBusy);
        Assert.False(store.Failed.IsCompleted);
        Assert.Equal(102, (await store.CountAsync(Token)).Backlog);
    }

    [Fact]
    public async Task A_checkpoint_in_the_middle_of_commits_costs_nobody_his_answer()
    {
        using var store = _folder.Open(idle: TimeSpan.Zero);

        await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => InsertAsync(store, Jobs.Spec())));

        Assert.False(store.Failed.IsCompleted);
        Assert.Equal(300, (await store.CountAsync(Token)).Backlog);
    }

    /// <summary>What a copy of the data file has without its log.</summary>
    private long? JobsInTheFileAlone()
    {
        var copy = Path.Combine(_folder.Folder, "copy.db");
        File.Copy(_folder.File, copy, overwrite: true);
        using var db = new Db(copy);

        return db["SELECT count(*) FROM job"].Number();
    }

    private static async Task<long> WriteAsync(SqliteJobStore store, int count)
    {
        var largest = 0L;

        for (var i = 0; i < count; i++)
        {
            await InsertAsync(store, Jobs.Spec(payload: $"\"{new string('x', 48_000)}\""));
            largest = Math.Max(largest, store.LogBytes);
        }

        return largest;
    }

    private static async Task<int> ReadUntilAsync(SqliteJobStore store, CancellationToken done)
    {
        var pages = 0;

        while (!done.IsCancellationRequested)
        {
            await store.ListAsync(new JobQuery(new JobFilter(), 50), Token);
            pages++;
        }

        return pages;
    }

    private static async Task InsertAsync(SqliteJobStore store, JobSpec spec) =>
        Assert.IsType<InsertOutcome.Inserted>((await store.InsertAsync(new InsertRequest([new Submission([spec])], spec.CreatedAt), Token))[0]);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        while (!condition())
        {
            await Task.Yield();
            patience.Token.ThrowIfCancellationRequested();
        }
    }
}
