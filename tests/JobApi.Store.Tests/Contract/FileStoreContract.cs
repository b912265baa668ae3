using System.Security.Cryptography;
using JobApi.Engine.Files;
using JobApi.Testing;
using Microsoft.Extensions.Time.Testing;

namespace JobApi.Store.Tests.Contract;

/// <summary>A fresh file store as its contract sees it.</summary>
public interface IFilesUnderTest : IAsyncDisposable
{
    IFileStore Files { get; }

    Task OpenAsync(TimeProvider time);
}

public abstract class FileStoreContract<TFiles> : IAsyncLifetime
    where TFiles : IFilesUnderTest, new()
{
    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly TFiles _store = new();
    private readonly FakeTimeProvider _time = new(Jobs.Start);

    private IFileStore Files => _store.Files;

    public Task InitializeAsync() => _store.OpenAsync(_time);

    public Task DisposeAsync() => _store.DisposeAsync().AsTask();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300_000)]
    public async Task A_stored_file_comes_back_byte_for_byte_with_what_was_said_about_it(int length)
    {
        var bytes = RandomNumberGenerator.GetBytes(length);

        var saved = await Files.SaveAsync(new MemoryStream(bytes), new FileDescription("image/png", "../Ä/cat?.png"), length, Token);

        Assert.Equal(new StoredFile(saved.Id, length, Convert.ToHexStringLower(SHA256.HashData(bytes)), "image/png", "../Ä/cat?.png", Jobs.Start), saved);
        Assert.Equal(saved, await Files.FindAsync(saved.Id, Token));
        Assert.Equal(bytes, await ReadAsync(saved.Id));
        Assert.Equal(7, saved.Id.Version);
    }

    [Fact]
    public async Task A_stream_that_is_too_long_leaves_nothing_and_its_surplus_unread()
    {
        var content = new MemoryStream(new byte[200_000]);

        var thrown = await Assert.ThrowsAsync<FileTooLargeException>(() => Files.SaveAsync(content, Unknown, 100_000, Token));

        Assert.Equal((100_000, 100_001), (thrown.MaxBytes, content.Position));
        Assert.Empty(await ListAsync(Jobs.Start.AddDays(1)));
    }

    [Fact]
    public async Task A_stream_that_breaks_leaves_nothing()
    {
        await Assert.ThrowsAsync<IOException>(() => Files.SaveAsync(new BreakingStream(), Unknown, 1_000_000, Token));

        Assert.Empty(await ListAsync(Jobs.Start.AddDays(1)));
    }

    [Fact]
    public async Task A_file_is_read_from_any_place()
    {
        var saved = await SaveAsync([1, 2, 3, 4]);
        await using var stream = await Files.OpenAsync(saved.Id, Token);

        Assert.True(stream!.CanSeek);
        stream.Position = 2;
        Assert.Equal(3, stream.ReadByte());
        Assert.Equal(4, stream.Length);
    }

    [Fact]
    public async Task An_unknown_file_is_nowhere()
    {
        var id = Guid.CreateVersion7(Jobs.Start);

        Assert.Null(await Files.FindAsync(id, Token));
        Assert.Null(await Files.OpenAsync(id, Token));
        Assert.False(await Files.DeleteAsync(id, Token));
    }

    [Fact]
    public async Task A_deleted_file_is_nowhere_and_its_neighbours_stay()
    {
        var saved = await SaveAsync([1]);
        var other = await SaveAsync([2]);

        Assert.True(await Files.DeleteAsync(saved.Id, Token));

        Assert.False(await Files.DeleteAsync(saved.Id, Token));
        Assert.Null(await Files.FindAsync(saved.Id, Token));
        Assert.Null(await Files.OpenAsync(saved.Id, Token));
        Assert.Equal([2], await ReadAsync(other.Id));
    }

    [Fact]
    public async Task A_reader_is_not_disturbed_by_a_deletion()
    {
        var saved = await SaveAsync([1, 2, 3]);
        await using var stream = await Files.OpenAsync(saved.Id, Token);

        await Files.DeleteAsync(saved.Id, Token);

        Assert.Equal(1, stream!.ReadByte());
        Assert.Equal(2, stream.ReadByte());
    }

    [Fact]
    public async Task The_list_holds_what_was_stored_before_a_moment()
    {
        var first = await SaveAsync([1]);
        _time.Advance(TimeSpan.FromMinutes(1));
        var second = await SaveAsync([2]);

        Assert.Equal([first.Id], await ListAsync(second.CreatedAt));
        Assert.Equal(new[] { first.Id, second.Id }.ToHashSet(), (await ListAsync(second.CreatedAt.AddTicks(1))).ToHashSet());
    }

    private static FileDescription Unknown { get; } = new(FileDescription.UnknownMediaType);

    private Task<StoredFile> SaveAsync(byte[] bytes) => Files.SaveAsync(new MemoryStream(bytes), Unknown, 1_000_000, Token);

    private async Task<byte[]> ReadAsync(Guid id)
    {
        await using var stream = await Files.OpenAsync(id, Token);
        using var copy = new MemoryStream();
        await stream!.CopyToAsync(copy, Token);

        return copy.ToArray();
    }

    private async Task<IReadOnlyList<Guid>> ListAsync(DateTimeOffset storedBefore)
    {
        var ids = new List<Guid>();

        await foreach (var file in Files.ListAsync(storedBefore, Token))
        {
            ids.Add(file.Id);
        }

        return ids;
    }

    private sealed class BreakingStream() : MemoryStream(new byte[10])
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position == Length ? throw new IOException("The connection was reset.") : base.ReadAsync(buffer, cancellationToken);
    }
}
