using JobApi.Engine.Files;
using JobApi.Testing;
using Microsoft.Extensions.Time.Testing;

namespace JobApi.Store.Tests.Files;

/// <summary>What the folder itself must look like after accidents.</summary>
public sealed class FolderFileStoreTests : IDisposable
{
    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly FileDescription Description = new(FileDescription.UnknownMediaType);

    private readonly string _folder = Directory.CreateTempSubdirectory("jobapi-files-").FullName;

    [Fact]
    public async Task Files_are_there_after_a_restart()
    {
        StoredFile saved;

        using (var before = Open())
        {
            saved = await before.SaveAsync(new MemoryStream([1]), Description, 10, Token);
        }

        using var after = Open();
        Assert.Equal(saved, await after.FindAsync(saved.Id, Token));
    }

    [Fact]
    public void What_a_dead_process_left_half_written_is_removed_at_start()
    {
        var left = Directory.CreateDirectory(Path.Combine(_folder, "incoming", "dead", "0123"));
        File.WriteAllText(Path.Combine(left.FullName, "content"), "half");
        File.WriteAllText(Path.Combine(left.Parent!.FullName, "lock"), string.Empty);

        using var files = Open();

        Assert.False(left.Parent.Exists && Directory.Exists(left.Parent.FullName));
    }

    [Fact]
    public async Task A_living_neighbour_keeps_what_it_is_writing()
    {
        using var neighbour = Open();
        var content = new GatedStream();
        var saving = neighbour.SaveAsync(content, Description, 10, Token);
        await content.Reading;

        using var files = Open();
        content.Finish();

        Assert.Equal(1, (await saving).Bytes);
        Assert.NotNull(await files.FindAsync((await saving).Id, Token));
    }

    [Fact]
    public async Task A_refused_file_leaves_no_trace_on_the_disk()
    {
        using var files = Open();

        await Assert.ThrowsAsync<FileTooLargeException>(() => files.SaveAsync(new MemoryStream([1, 2]), Description, 1, Token));

        Assert.Equal(["lock"], Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }

    [Fact]
    public async Task The_bound_of_the_options_goes_before_the_callers()
    {
        using var files = new FolderFileStore(new FileStoreOptions { Folder = _folder, MaxFileBytes = 3 }, new FakeTimeProvider(Jobs.Start));

        var thrown = await Assert.ThrowsAsync<FileTooLargeException>(() => files.SaveAsync(new MemoryStream(new byte[4]), Description, 100, Token));

        Assert.Equal(3, thrown.MaxBytes);
    }

    [Fact]
    public async Task A_deletion_that_was_cut_short_does_not_show_and_is_finished_by_the_next_listing()
    {
        using var files = Open();
        var saved = await files.SaveAsync(new MemoryStream([1]), Description, 10, Token);
        var note = Assert.Single(Directory.EnumerateFiles(_folder, "note.json", SearchOption.AllDirectories));
        File.Delete(note);

        Assert.Null(await files.OpenAsync(saved.Id, Token));
        await foreach (var _ in files.ListAsync(Jobs.Start.AddDays(1), Token))
        {
            Assert.Fail("A file without a note was listed.");
        }

        Assert.False(Directory.Exists(Path.GetDirectoryName(note)));
    }

    [Fact]
    public async Task All_files_together_take_no_more_than_they_may_and_what_goes_makes_room()
    {
        using var files = Open(maxTotal: 10);
        var first = await files.SaveAsync(new MemoryStream(new byte[6]), Description, 10, Token);
        Assert.True(files.HasRoomFor(4));
        Assert.False(files.HasRoomFor(5));

        await Assert.ThrowsAsync<FileStoreFullException>(() => files.SaveAsync(new MemoryStream(new byte[5]), Description, 10, Token));
        await Assert.ThrowsAsync<FileTooLargeException>(() => files.SaveAsync(new MemoryStream(new byte[4]), Description, 3, Token));
        await files.SaveAsync(new MemoryStream(new byte[4]), Description, 10, Token);
        Assert.Equal(10, files.Bytes);

        await files.DeleteAsync(first.Id, Token);
        await files.DeleteAsync(first.Id, Token);
        Assert.Equal(4, files.Bytes);
        Assert.Equal(2, Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Count(file => Path.GetFileName(file) != "lock"));
    }

    [Fact]
    public async Task A_file_in_the_making_has_its_room_already()
    {
        using var files = Open(maxTotal: 10);
        await files.Counted;
        var content = new GatedStream();
        var saving = files.SaveAsync(content, Description, 10, Token);
        await content.Reading;

        Assert.False(files.HasRoomFor(10));
        content.Finish();
        await saving;
    }

    [Fact]
    public async Task What_was_there_before_is_counted_whatever_comes_and_goes_meanwhile()
    {
        var kept = new List<Guid>();

        using (var before = Open())
        {
            for (var number = 0; number < 60; number++)
            {
                kept.Add((await before.SaveAsync(new MemoryStream(new byte[100]), Description, 100, Token)).Id);
            }
        }

        using var files = Open();

        foreach (var id in kept.Take(20))
        {
            await files.DeleteAsync(id, Token);
            await files.SaveAsync(new MemoryStream(new byte[7]), Description, 100, Token);
        }

        await files.Counted;

        Assert.Equal((40 * 100) + (20 * 7), files.Bytes);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private FolderFileStore Open(long maxTotal = long.MaxValue) =>
        new(new FileStoreOptions { Folder = _folder, MaxTotalBytes = maxTotal }, new FakeTimeProvider(Jobs.Start));

    /// <summary>One byte, then nothing until told to end.</summary>
    private sealed class GatedStream : MemoryStream
    {
        private readonly TaskCompletionSource _reading = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _sent;

        public Task Reading => _reading.Task;

        public void Finish() => _finished.SetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_sent)
            {
                _sent = true;
                return 1;
            }

            _reading.SetResult();
            await _finished.Task;
            return 0;
        }
    }
}
