using System.Diagnostics;
using JobApi.Engine.Storage;
using JobApi.Sqlite.Database;
using JobApi.Testing;
using Microsoft.Data.Sqlite;

namespace JobApi.Store.Tests.Sqlite;

/// <summary>The room that is kept for the moment in which there is none.</summary>
public sealed class BallastTests : IDisposable
{
    private const int Bytes = 1 << 20;

    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly SqliteFolder _folder = new();
    private long _free = 1L << 40;

    public void Dispose() => _folder.Dispose();

    private string Path => _folder.File + ".ballast";

    [Fact]
    public async Task It_takes_its_blocks_and_is_no_hole()
    {
        Assert.True(Ballast().Make(floor: 0));

        Assert.Equal(Bytes, new FileInfo(Path).Length);
        Assert.InRange(await BlocksAsync() * 512, Bytes, 2 * Bytes);
    }

    [Fact]
    public void It_is_made_once_and_only_while_the_floor_stays_free()
    {
        _free = Bytes + 99;
        Assert.False(Ballast().Make(floor: 100));
        _free = Bytes + 100;
        Assert.True(Ballast().Make(floor: 100));
        Assert.False(Ballast().Make(floor: 100));
    }

    [Fact]
    public void It_is_given_up_once_and_only_when_the_disk_is_what_is_full()
    {
        var ballast = Ballast();
        ballast.Make(floor: 0);
        Assert.False(ballast.GiveUp());
        _free = 0;
        Assert.True(ballast.GiveUp());
        Assert.False(ballast.GiveUp());

        Assert.False(File.Exists(Path));
        Assert.Equal(1, ballast.GivenUp);
    }

    [Fact]
    public void None_is_kept_when_none_is_wanted()
    {
        Assert.False(new Ballast(_folder.File, 0, _ => _free).Make(floor: 0));
        Assert.False(File.Exists(Path));
    }

    [Fact]
    public async Task On_a_full_disk_submissions_are_refused_and_a_cancel_finds_the_room_that_was_kept()
    {
        var isFull = false;
        using var store = _folder.Open(
            beforeCommit: () => ThrowWhen(Volatile.Read(ref isFull) && File.Exists(Path)), freeBytes: _ => Volatile.Read(ref isFull) ? 0 : _free);
        store.Ballast.Make(floor: 0);
        var spec = Jobs.Spec();
        await store.InsertAsync(new InsertRequest([new Submission([spec])], Jobs.Start), Token);
        Volatile.Write(ref isFull, true);

        var refused = await store.InsertAsync(new InsertRequest([new Submission([Jobs.Spec()])], Jobs.Start), Token);
        Assert.IsType<InsertOutcome.DiskFull>(refused[0]);
        Assert.True(File.Exists(Path), "A refused submission is no reason to give it up.");

        var canceled = await store.CancelAsync(JobSelection.Of(spec.Id), Jobs.Asked(), Jobs.Start, Token);

        Assert.Equal(ControlResult.Done, canceled[0].Result);
        Assert.Equal(1, store.Ballast.GivenUp);
    }

    private Ballast Ballast() => new(_folder.File, Bytes, _ => _free);

    private static void ThrowWhen(bool isFull)
    {
        if (isFull)
        {
            throw new SqliteException("database or disk is full", 13);
        }
    }

    private async Task<long> BlocksAsync()
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%b", Path]) { RedirectStandardOutput = true })!;
        return long.Parse(await stat.StandardOutput.ReadToEndAsync(Token), System.Globalization.CultureInfo.InvariantCulture);
    }
}
