using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Sqlite;
using JobApi.Sqlite.Database;
using JobApi.Sqlite.Tables;
using JobApi.Testing;
using Microsoft.Data.Sqlite;

namespace JobApi.Store.Tests.Sqlite;

/// <summary>A file that cannot be trusted is refused with words, and never replaced by an empty one.</summary>
public sealed class DataFileTests : IDisposable
{
    private readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_second_opening_is_refused_while_the_first_lasts()
    {
        using (_folder.Open())
        {
            Assert.Contains("in use by another process", Refusal(), StringComparison.Ordinal);
        }

        _folder.Open().Dispose();
    }

    [Fact]
    public void A_lock_that_cannot_be_taken_for_another_reason_is_not_blamed_on_another_process()
    {
        Directory.CreateDirectory(_folder.File + ".lock");

        Assert.DoesNotContain("another process", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_file_may_be_a_link_and_everything_else_is_where_it_points()
    {
        var (disk, spec) = (Directory.CreateDirectory(Path.Combine(_folder.Folder, "disk")).FullName, Jobs.Spec());
        File.CreateSymbolicLink(_folder.File, Path.Combine(disk, "jobs.db"));

        using (var store = _folder.Open())
        {
            await store.InsertAsync(new InsertRequest([new Submission([spec])], Jobs.Start), CancellationToken.None);
            Assert.Contains("in use by another process", Refusal(), StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(disk, "jobs.db-wal")));
            Assert.True(File.Exists(Path.Combine(disk, "jobs.db.state")));
        }

        Assert.Equal(["disk", "jobs.db"], Directory.EnumerateFileSystemEntries(_folder.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var again = _folder.Open();
        Assert.NotNull(await again.FindAsync(spec.Id, CancellationToken.None));
    }

    [Fact]
    public void A_refused_opening_lets_go_of_the_lock()
    {
        File.WriteAllText(_folder.File, "not a database");
        Refusal();
        File.Delete(_folder.File);

        _folder.Open().Dispose();
    }

    [Fact]
    public void A_file_from_a_newer_program_is_refused_and_left_alone()
    {
        _folder.Open().Dispose();
        Change($"PRAGMA user_version = {Schema.Version + 1}");
        var before = File.ReadAllBytes(_folder.File);

        Assert.Contains($"schema version {Schema.Version + 1}", Refusal(), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_folder.File));
    }

    [Fact]
    public void A_file_of_an_older_version_is_brought_up_to_date()
    {
        File.WriteAllBytes(_folder.File, []);
        Change($"PRAGMA application_id = {Schema.ApplicationId}");

        _folder.Open().Dispose();

        using var db = new Db(_folder.File);
        Assert.Equal(Schema.Version, db.Get("user_version"));
    }

    [Theory]
    [InlineData(5, "cannot be read or written now")]
    [InlineData(6, "cannot be read or written now")]
    [InlineData(10, "cannot be read or written now")]
    [InlineData(13, "The disk is full")]
    [InlineData(11, "is damaged")]
    public void Only_what_is_wrong_with_the_file_itself_is_called_damage(int code, string words)
    {
        var refusal = Damage.Or(_folder.File, new SqliteException("what SQLite said.", code)).Message;

        Assert.Contains(words, refusal, StringComparison.Ordinal);
        Assert.Equal(code == 11, refusal.Contains("damaged", StringComparison.Ordinal));
    }

    [Fact]
    public void A_database_of_another_program_is_refused()
    {
        File.WriteAllBytes(_folder.File, []);
        Change("CREATE TABLE recipes (name TEXT)");

        Assert.Contains("another program", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SQLite form")]
    [InlineData("This is not a database, although it is long enough to have a header that could be looked at by one.")]
    public void What_is_no_database_is_refused_and_left_alone(string content)
    {
        File.WriteAllText(_folder.File, content);

        Assert.Contains("is damaged", Refusal(), StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(_folder.File));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.05)]
    public async Task A_file_that_was_cut_off_is_refused(double share)
    {
        await FillAsync();
        using (var file = new FileStream(_folder.File, FileMode.Open))
        {
            file.SetLength((long)(file.Length * share));
        }

        Assert.Contains("is damaged", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_lacks_its_last_bytes_is_refused()
    {
        await FillAsync();
        using (var file = new FileStream(_folder.File, FileMode.Open))
        {
            file.SetLength(file.Length - 3);
        }

        Assert.Contains("is damaged", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_a_page_of_nonsense_is_refused()
    {
        await FillAsync();
        using (var file = new FileStream(_folder.File, FileMode.Open))
        {
            file.Position = 8 * 4096;
            file.Write(Enumerable.Repeat((byte)0xA5, 4096).ToArray());
        }

        Assert.Contains("is damaged", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_without_its_file_is_refused()
    {
        File.WriteAllText(_folder.File + "-wal", "what is left of it");

        Assert.Contains("is missing", Refusal(), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File));
    }

    [Fact]
    public void A_first_start_that_was_cut_short_is_made_again()
    {
        File.WriteAllText(_folder.File + ".new", "half a database");

        _folder.Open().Dispose();

        Assert.False(File.Exists(_folder.File + ".new"));
    }

    [Fact]
    public void A_commit_waits_for_the_disk_and_a_reader_cannot_write()
    {
        _folder.Open().Dispose();
        using var writer = new Db(_folder.File);
        Connections.Prepare(writer, new SqliteOptions());
        using var reader = Connections.OpenReader(_folder.File);

        Assert.Equal((2, 1), (writer.Get("synchronous"), reader.Get("query_only")));
        Assert.Equal("wal", writer.Text("PRAGMA journal_mode"));
    }

    [Theory]
    [InlineData("3.51.2", false)]
    [InlineData("3.9.0", false)]
    [InlineData("3.51.3", true)]
    [InlineData("4.0.0", true)]
    public void An_SQLite_that_can_corrupt_its_log_is_refused(string version, bool isGood) =>
        Assert.Equal(isGood, Record.Exception(() => Connections.CheckVersion(version)) is null);

    [Theory]
    [InlineData(DriveType.Network, "unknown", true)]
    [InlineData(DriveType.Fixed, "ext4", false)]
    [InlineData(DriveType.Ram, "tmpfs", false)]
    [InlineData(DriveType.Unknown, "fuse.sshfs", true)]
    [InlineData(DriveType.Unknown, "fuseblk", false)]
    [InlineData(DriveType.Fixed, "nfs4", true)]
    [InlineData(DriveType.Unknown, "smb2", true)]
    public void Network_file_systems_are_refused(DriveType type, string format, bool isRemote) => Assert.Equal(isRemote, Location.IsRemote(type, format));

    [Fact]
    public void Numbers_in_the_file_mean_what_they_meant()
    {
        Assert.Equal(["Scheduled", "Queued", "Running", "Succeeded", "Failed", "Canceled"], Enum.GetNames<JobState>());
        Assert.Equal(["Sequence", "State", "Queue", "Type", "Bytes", "FinishedBytes", "Suspect", "Lane", "SuspectLane", "Unfinished", "Running", "Leased"], Enum.GetNames<Counted>());
        Assert.Equal(2, JobLifecycle.SuspectCrashes);
        Assert.Equal(["Queue", "Schedule", "Backoff", "RateLimit", "CircuitOpen", "TypeLimit", "NoWorker", "Paused", "QueueLimit", "ConcurrencyKey"], Enum.GetNames<WaitingReason>());
    }

    private async Task FillAsync()
    {
        using var store = _folder.Open();
        var specs = Enumerable.Range(0, 300).Select(_ => Jobs.Spec()).ToList();
        await store.InsertAsync(new InsertRequest([new Submission(specs)], Jobs.Start), CancellationToken.None);
    }

    private string Refusal() => Assert.Throws<SqliteStoreException>(() => _folder.Open()).Message;

    private void Change(string sql)
    {
        using var db = new Db(_folder.File);
        db.Execute(sql);
    }
}
