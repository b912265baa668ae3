using JobApi.Engine.Storage;
using JobApi.Sqlite;
using JobApi.Sqlite.Database;
using JobApi.Testing;

namespace JobApi.Store.Tests.Sqlite;

/// <summary>A store that lost something does not start, says what is missing, and leaves everything as it is.</summary>
public sealed class DamageTests : IDisposable
{
    private const int Page = 4_096;

    private readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Log => _folder.File + "-wal";

    private string Mark => _folder.File + ".state";

    [Fact]
    public async Task A_log_that_was_deleted_after_a_crash_is_missed()
    {
        await FillAndCrashAsync();
        File.Delete(Log);
        var before = File.ReadAllBytes(_folder.File);

        var refusal = Refusal();

        Assert.Contains($"The write-ahead log {Log} is missing", refusal, StringComparison.Ordinal);
        Assert.Contains($"delete {Mark}", refusal, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_folder.File));
        Assert.False(File.Exists(Log));

        File.Delete(Mark);
        _folder.Open().Dispose();
    }

    [Fact]
    public async Task After_an_end_in_order_no_log_is_missed()
    {
        await FillAsync();

        Assert.False(File.Exists(Log));
        Assert.Equal(300, await BacklogAsync());
    }

    [Fact]
    public async Task A_store_that_is_closed_twice_is_closed_once()
    {
        var store = await FilledAsync();

        store.Dispose();
        store.Dispose();

        Assert.StartsWith("closed", File.ReadAllText(Mark), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_crash_the_log_that_is_there_is_read()
    {
        await FillAndCrashAsync();

        Assert.Equal(300, await BacklogAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_data_file_that_was_deleted_is_missed_and_no_empty_one_takes_its_place(bool crash)
    {
        await (crash ? FillAndCrashAsync() : FillAsync());
        File.Delete(_folder.File);

        Assert.Contains($"The data file {_folder.File} is missing", Refusal(), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File));
    }

    [Fact]
    public async Task Who_deletes_the_mark_as_well_starts_anew()
    {
        await FillAsync();
        File.Delete(_folder.File);
        File.Delete(Mark);

        Assert.Equal(0, await BacklogAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_empty_file_in_the_place_of_a_full_one_is_damage(bool crash)
    {
        await (crash ? FillAndCrashAsync() : FillAsync());
        File.WriteAllBytes(_folder.File, []);

        Assert.Contains("is damaged: it is empty", Refusal(), StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo(_folder.File).Length);
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(16, 84)]
    [InlineData(100, 400)]
    public async Task A_header_of_nonsense_is_damage(int at, int length)
    {
        await FillAsync();
        Overwrite(at, length, seed: 1);

        Assert.Contains("is damaged", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Whichever_page_is_nonsense_it_is_found(int seed)
    {
        await FillAsync();
        var pages = (int)(new FileInfo(_folder.File).Length / Page);
        Overwrite(new Random(seed).Next(1, pages) * Page, Page, seed);

        Assert.Contains("is damaged", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_lost_its_last_page_is_damage()
    {
        await FillAsync();
        using (var file = new FileStream(_folder.File, FileMode.Open))
        {
            file.SetLength(file.Length - Page);
        }

        Assert.Contains("is damaged: ", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_file_too_large_to_be_read_whole_the_root_of_every_table_is_looked_at()
    {
        await FillAsync();
        using (var sound = new Db(_folder.File))
        {
            Damage.CheckRoots(sound, _folder.File);
        }

        long root;
        using (var db = new Db(_folder.File))
        {
            root = db["SELECT rootpage FROM sqlite_schema WHERE name = 'body'"].Number()!.Value;
        }

        Overwrite((int)(root - 1) * Page, Page, seed: 1);

        using var damaged = new Db(_folder.File);
        Assert.Throws<SqliteStoreException>(() => Damage.CheckRoots(damaged, _folder.File));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(10_000)]
    public async Task A_log_that_was_emptied_or_cut_after_a_crash_is_noticed_until_the_machine_goes_down(int left)
    {
        await FillAndCrashAsync();
        File.WriteAllBytes(Log, File.ReadAllBytes(Log)[..left]);

        Assert.Contains($"The write-ahead log {Log} is not the one that the last process left", Refusal(), StringComparison.Ordinal);
        Assert.Equal(left, new FileInfo(Log).Length);

        GoDown();
        _folder.Open().Dispose();
    }

    [Fact]
    public async Task A_log_that_was_replaced_by_an_earlier_one_is_noticed()
    {
        var store = await FilledAsync();
        using var copy = new MemoryStream();
        using (var file = new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        {
            file.CopyTo(copy);
        }

        await store.InsertAsync(new InsertRequest([new Submission([Jobs.Spec()])], Jobs.Start), CancellationToken.None);
        _folder.Crash(store);
        var whole = File.ReadAllBytes(Log);
        File.WriteAllBytes(Log, copy.ToArray());

        Assert.Contains("is not the one that the last process left", Refusal(), StringComparison.Ordinal);

        File.WriteAllBytes(Log, whole);
        Assert.Equal(301, await BacklogAsync());
    }

    [Fact]
    public async Task A_log_of_another_life_of_the_file_is_noticed()
    {
        await FillAndCrashAsync();
        var earlier = File.ReadAllBytes(Log);
        await FillAndCrashAsync();
        File.WriteAllBytes(Log, earlier);

        Assert.Contains("is not the one that the last process left", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_index_that_says_nothing_stops_nobody(bool isThere)
    {
        await FillAndCrashAsync();

        if (isThere)
        {
            File.WriteAllBytes(_folder.File + "-shm", new byte[32_768]);
        }
        else
        {
            File.Delete(_folder.File + "-shm");
        }

        Assert.Equal(300, await BacklogAsync());
    }

    [Fact]
    public async Task A_file_that_was_cut_within_its_last_page_is_damage_unless_the_log_has_the_whole_page()
    {
        await FillAsync();
        await FillAndCrashAsync();
        var (sound, log) = (File.ReadAllBytes(_folder.File), File.ReadAllBytes(Log));
        var missing = Enumerable.Range(2, (sound.Length / Page) - 1).Last(page => !LogFrames.MakeUpFor(Log, page));

        File.WriteAllBytes(_folder.File, sound[..((missing * Page) - 100)]);
        Assert.Contains("is no multiple of its page size", Refusal(), StringComparison.Ordinal);
        Assert.Equal((missing * Page) - 100, new FileInfo(_folder.File).Length);

        // The first page is in every log, and so is whatever lies beyond the end; a log whose last commit is torn holds less.
        Assert.True(LogFrames.MakeUpFor(Log, 1));
        Assert.True(LogFrames.MakeUpFor(Log, 1_000_000));
        File.WriteAllBytes(Log, log[..1_000]);
        Assert.False(LogFrames.MakeUpFor(Log, 1));
        log[100] ^= 1;
        File.WriteAllBytes(Log, log);
        Assert.False(LogFrames.MakeUpFor(Log, 1));
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_again_is_refused_in_a_sentence()
    {
        await FillAndCrashAsync();
        File.Delete(_folder.File + "-shm");
        File.Delete(Log);
        File.CreateSymbolicLink(Log, "/dev/full");

        Assert.Contains($"The write-ahead log {Log} could not be read and written again", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_found_at_one_start_is_found_at_the_next()
    {
        await FillAndCrashAsync();
        Overwrite(100, 400, seed: 1);
        File.Delete(_folder.File + "-shm");
        File.WriteAllBytes(Log, []);
        var first = Refusal();

        Assert.Equal(first, Refusal());
    }

    private async Task<SqliteJobStore> FilledAsync()
    {
        var store = _folder.Open();
        var specs = Enumerable.Range(0, 300).Select(_ => Jobs.Spec()).ToList();
        await store.InsertAsync(new InsertRequest([new Submission(specs)], Jobs.Start), CancellationToken.None);

        return store;
    }

    private async Task FillAsync() => (await FilledAsync()).Dispose();

    private async Task FillAndCrashAsync() => _folder.Crash(await FilledAsync());

    private async Task<long> BacklogAsync()
    {
        using var store = _folder.Open();
        return (await store.CountAsync(CancellationToken.None)).Backlog;
    }

    /// <summary>The mark of a machine that has come up anew since.</summary>
    private void GoDown() => File.WriteAllText(Mark, File.ReadAllLines(Mark)[0] + "\nboot another\n");

    private string Refusal() => Assert.Throws<SqliteStoreException>(() => _folder.Open()).Message;

    private void Overwrite(int at, int length, int seed)
    {
        var nonsense = new byte[length];
        new Random(seed).NextBytes(nonsense);
        using var file = new FileStream(_folder.File, FileMode.Open);
        file.Position = at;
        file.Write(nonsense);
    }
}
