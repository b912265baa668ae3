using JobApi.Testing;
using Xunit;

namespace JobApi.Faults.Disk.Tests;

/// <summary>What is left of a folder when the power fails.</summary>
public sealed class PowerCutTests : IDisposable
{
    private static readonly PowerCut Harsh = new PowerCut.DropUnsynced();

    private readonly FaultyDisk _disk = new();

    public void Dispose() => _disk.Dispose();

    [ToolFact(DiskLibrary.Compiler)]
    public async Task What_was_flushed_stays_and_what_was_not_is_gone()
    {
        await Probe.RunAsync(_disk, "write /a 0 flushed sync /a sync-folder / write /a 7 -lost write /a 0 F");

        Assert.Equal("Flushed-lost", Probe.Text(_disk, "a"));
        _disk.CutPower(Harsh);

        Assert.Equal("flushed", Probe.Text(_disk, "a"));
    }

    [ToolFact(DiskLibrary.Compiler)]
    public async Task What_is_there_when_the_disk_is_first_used_counts_as_durable_and_so_does_what_a_cut_left()
    {
        await File.WriteAllTextAsync(Path.Combine(_disk.Data, "old"), "old");

        await Probe.RunAsync(_disk, "write /old 3 -new write /new 0 x");
        _disk.CutPower(Harsh);
        await Probe.RunAsync(_disk, "write /old 0 O");
        _disk.CutPower(Harsh);

        Assert.Equal("old", Probe.Text(_disk, "old"));
        Assert.Null(Probe.Text(_disk, "new"));
    }

    [ToolFact(DiskLibrary.Compiler)]
    public async Task A_name_is_gone_unless_its_folder_was_flushed()
    {
        await Probe.RunAsync(_disk, "write /named 0 x sync /named sync-folder / write /nameless 0 x sync /nameless folder /empty write /empty/a 0 x sync /empty/a");

        _disk.CutPower(Harsh);

        Assert.Equal(["named"], Directory.EnumerateFileSystemEntries(_disk.Data).Select(Path.GetFileName));
    }

    [ToolFact(DiskLibrary.Compiler)]
    public async Task A_rename_and_a_removal_are_undone_unless_their_folder_was_flushed()
    {
        await Probe.RunAsync(_disk, "write /a 0 first write /b 0 second write /c 0 third sync /a sync /b sync /c sync-folder / rename /a /b remove /c");
        Assert.Null(Probe.Text(_disk, "a"));
        _disk.CutPower(Harsh);

        Assert.Equal("first second third", $"{Probe.Text(_disk, "a")} {Probe.Text(_disk, "b")} {Probe.Text(_disk, "c")}");

        await Probe.RunAsync(_disk, "rename /a /b remove /c sync-folder /");
        _disk.CutPower(Harsh);

        Assert.Equal("first", Probe.Text(_disk, "b"));
        Assert.Equal(["b"], Directory.EnumerateFileSystemEntries(_disk.Data).Select(Path.GetFileName));
    }

    [ToolFact(DiskLibrary.Compiler)]
    public async Task A_rename_between_folders_is_durable_at_both_ends_or_at_none()
    {
        await Probe.RunAsync(_disk, "folder /from folder /to sync-folder / folder /from/draft write /from/draft/a 0 x sync /from/draft/a sync-folder /from/draft sync-folder /from");
        await Probe.RunAsync(_disk, "rename /from/draft /to/final");
        _disk.CutPower(Harsh);
        Assert.Equal("x", Probe.Text(_disk, "from/draft/a"));

        await Probe.RunAsync(_disk, "rename /from/draft /to/final sync-folder /to");
        _disk.CutPower(Harsh);

        Assert.Equal("x", Probe.Text(_disk, "to/final/a"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_disk.Data, "from")));
    }

    [ToolFact(DiskLibrary.Compiler)]
    public async Task A_file_that_takes_the_place_of_a_removed_one_does_not_take_its_bytes()
    {
        await Probe.RunAsync(_disk, "write /a 0 first sync /a sync-folder /");

        // The file system gives the next file the same inode.
        await Probe.RunAsync(_disk, "remove /a write /b 0 second sync /b");
        _disk.CutPower(Harsh);

        Assert.Equal("first", Probe.Text(_disk, "a"));
        Assert.Null(Probe.Text(_disk, "b"));
    }

    [ToolFact(DiskLibrary.Compiler)]
    public async Task A_length_is_durable_when_the_file_was_flushed()
    {
        await Probe.RunAsync(_disk, "write /a 0 0123456789 sync /a sync-folder / truncate /a 4");
        _disk.CutPower(Harsh);
        Assert.Equal("0123456789", Probe.Text(_disk, "a"));

        await Probe.RunAsync(_disk, "truncate /a 4 truncate /a 6 sync-data /a");
        _disk.CutPower(Harsh);

        Assert.Equal("0123\0\0", Probe.Text(_disk, "a"));
    }

    [ToolFact(DiskLibrary.Compiler)]
    public async Task A_program_that_was_killed_leaves_its_writes_to_the_next_one_to_flush()
    {
        using (_disk.Arm(DiskFault.KillBeforeSync("/a", after: 0)))
        {
            await Probe.RunAsync(_disk, "write /a 0 kept sync /a");
        }

        await Probe.RunAsync(_disk, "sync /a sync-folder /");
        _disk.CutPower(Harsh);

        Assert.Equal("kept", Probe.Text(_disk, "a"));
    }

    [ToolFact(DiskLibrary.Compiler)]
    public async Task A_mixed_cut_leaves_some_of_what_was_not_flushed_and_all_that_was()
    {
        var mixed = 0;

        for (var seed = 0; seed < 20; seed++)
        {
            using var disk = new FaultyDisk();
            await File.WriteAllBytesAsync(Path.Combine(disk.Data, "a"), new byte[64 * 1024]);
            await Probe.RunAsync(disk, "write /kept 0 kept sync /kept sync-folder / fill /a 65536");
            disk.CutPower(new PowerCut.Mixed(seed));

            var bytes = await File.ReadAllBytesAsync(Path.Combine(disk.Data, "a"));
            mixed += bytes.Contains((byte)'x') && bytes.Contains((byte)0) ? 1 : 0;
            Assert.All(bytes.Chunk(512), sector => Assert.Single(sector.Distinct()));
            Assert.Equal("kept", Probe.Text(disk, "kept"));
        }

        Assert.InRange(mixed, 10, 20);
    }
}
