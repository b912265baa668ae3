using System.Globalization;
using JobApi.Testing;
using Xunit;

namespace JobApi.Faults.Disk.Tests;

/// <summary>Errors, a full disk, points of death and a clock that jumps, as a program meets them.</summary>
public sealed class DiskFaultTests : IDisposable
{
    private static readonly PowerCut Harsh = new PowerCut.DropUnsynced();

    private readonly FaultyDisk _disk = new();

    public void Dispose() => _disk.Dispose();

    [ToolFact(DiskLibrary.Compiler)]
    public async Task An_error_arrives_at_the_calls_it_is_for_and_as_often_as_it_is_told()
    {
        using var fault = _disk.Arm(DiskFault.WriteError("-wal") with { After = 1, Times = 2 });

        var answers = await Probe.RunAsync(_disk, "write /a-wal 0 x write /a-wal 0 x write /a.db 0 x write /a-wal 0 x write /a-wal 0 x");

        Assert.Equal(["ok", "EIO", "ok", "EIO", "ok"], answers);
        Assert.Equal(2, fault.Hits);
    }

    [ToolFact(DiskLibrary.Compiler)]
    public async Task A_failed_fsync_loses_what_it_was_for_and_no_later_one_brings_it_back()
    {
        await Probe.RunAsync(_disk, "write /a 0 old sync /a sync-folder /");

        using (_disk.Arm(DiskFault.SyncError("/a") with { Times = 1 }))
        {
            Assert.Equal(["ok", "EIO", "ok", "ok", "ok"], await Probe.RunAsync(_disk, "write /a 0 NEW sync /a sync /a write /a 3 -later sync /a"));
        }

        Assert.Equal(["ok"], await Probe.RunAsync(_disk, "sync /a"));
        _disk.CutPower(Harsh);

        Assert.Equal("old-later", Probe.Text(_disk, "a"));
    }

    [ToolFact(DiskLibrary.Compiler)]
    public async Task A_lying_fsync_answers_well_and_keeps_nothing()
    {
        using var lie = _disk.Arm(DiskFault.LyingSync("-wal"));

        Assert.Equal(["ok", "ok", "ok"], await Probe.RunAsync(_disk, "write /a-wal 0 x sync /a-wal sync-folder /"));
        _disk.CutPower(Harsh);

        Assert.Equal(string.Empty, Probe.Text(_disk, "a-wal"));
        Assert.Equal(1, lie.Hits);
    }

    [ToolFact(DiskLibrary.Compiler)]
    public async Task A_short_write_takes_half()
    {
        using var fault = _disk.Arm(new DiskFault(DiskCalls.Write, "/a", DiskAction.Shorten) { Times = 1 });

        await Probe.RunAsync(_disk, "write /a 0 12345678");

        Assert.Equal("1234", Probe.Text(_disk, "a"));
    }

    [ToolFact(DiskLibrary.Compiler)]
    public async Task A_full_disk_takes_no_growth_and_says_how_much_room_it_has()
    {
        _disk.Room = 16_384;

        Assert.Equal(["16384", "ok", "4096", "ENOSPC", "ok"], await Probe.RunAsync(_disk, "free / fill /a 12288 free / fill /b 8192 write /a 0 over"));
        Assert.Equal(0, _disk.Room);
        Assert.Equal(4_096, new FileInfo(Path.Combine(_disk.Data, "b")).Length);

        Assert.Equal(["ok", "8192", "ENOSPC", "ok"], await Probe.RunAsync(_disk, "truncate /a 4096 free / reserve /c 12288 reserve /c 8192"));
        Assert.Equal(["ok", "8192", "ENOSPC"], await Probe.RunAsync(_disk, "remove /c free / truncate /a 65536"));

        _disk.Room = null;
        Assert.Equal(["ok"], await Probe.RunAsync(_disk, "truncate /a 65536"));
    }

    [ToolFact(DiskLibrary.Compiler)]
    public async Task A_program_dies_before_it_writes()
    {
        using var fault = _disk.Arm(DiskFault.KillBeforeWrite("/a", after: 1));

        Assert.Equal(["ok"], await Probe.RunAsync(_disk, "write /a 0 first write /a 0 FIRST"));
        Assert.Equal("first", Probe.Text(_disk, "a"));
    }

    [ToolFact(DiskLibrary.Compiler)]
    public async Task A_program_dies_between_write_and_fsync()
    {
        using var fault = _disk.Arm(DiskFault.KillBeforeSync("/a", after: 0));

        Assert.Equal(["ok", "ok"], await Probe.RunAsync(_disk, "write /a 0 written sync-folder / sync /a"));
        Assert.Equal("written", Probe.Text(_disk, "a"));
        _disk.CutPower(Harsh);

        Assert.Equal(string.Empty, Probe.Text(_disk, "a"));
    }

    [ToolFact(DiskLibrary.Compiler)]
    public async Task A_program_dies_after_the_fsync_and_before_it_hears_of_it()
    {
        using var fault = _disk.Arm(DiskFault.KillAfterSync("/a", after: 0));

        Assert.Equal(["ok", "ok"], await Probe.RunAsync(_disk, "write /a 0 durable sync-folder / sync /a"));
        _disk.CutPower(Harsh);

        Assert.Equal("durable", Probe.Text(_disk, "a"));
    }

    [ToolFact(DiskLibrary.Compiler)]
    public async Task The_time_of_day_jumps_and_the_clock_of_durations_does_not()
    {
        var before = await ClocksAsync();
        _disk.ClockOffset = TimeSpan.FromDays(-3);
        var after = await ClocksAsync();

        var jump = -TimeSpan.FromDays(3).TotalSeconds;
        Assert.InRange(after[0] - before[0], jump, jump + 60);
        Assert.InRange(after[1] - before[1], jump, jump + 60);
        Assert.InRange(after[2] - before[2], 0, 60);
    }

    [ToolFact(DiskLibrary.Compiler)]
    public async Task Calls_are_counted_by_what_they_are_for()
    {
        await Probe.RunAsync(_disk, "write /a-wal 0 x write /a-wal 1 x sync /a-wal write /a.db 0 x sync-folder / rename /a.db /b.db");

        Assert.Equal(2, _disk.Count(DiskKind.Log, DiskCalls.Write));
        Assert.Equal(1, _disk.Count(DiskKind.Log, DiskCalls.Sync));
        Assert.Equal(1, _disk.Count(DiskKind.Database, DiskCalls.Write));
        Assert.Equal(0, _disk.Count(DiskKind.Database, DiskCalls.Sync));
        Assert.Equal(1, _disk.Count(DiskKind.Folder, DiskCalls.Sync));
        Assert.Equal(1, _disk.Count(DiskKind.Database, DiskCalls.Rename));
    }

    private async Task<List<long>> ClocksAsync() =>
        [.. (await Probe.RunAsync(_disk, "time old-time uptime")).Select(line => long.Parse(line, CultureInfo.InvariantCulture))];
}
