using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using JobApi.Engine.Files;

namespace JobApi.Jobs.Tests.Support;

/// <summary>Files that live as long as the test.</summary>
internal sealed class MemoryFileStore : IFileStore
{
    private readonly ConcurrentDictionary<Guid, (StoredFile File, byte[] Content)> _files = new();

    public int Count => _files.Count;

    /// <summary>The store's own bound on a file.</summary>
    public long MaxFileBytes { get; set; } = long.MaxValue;

    public FileReference Add(byte[] content, string? name = null)
    {
        var file = new StoredFile(Guid.NewGuid(), content.Length, Convert.ToHexStringLower(SHA256.HashData(content)), "image/test", name, DateTimeOffset.UnixEpoch);
        _files[file.Id] = (file, content);
        return new FileReference(file.Id);
    }

    public byte[] Read(FileReference file) => _files[file.Id].Content;

    public StoredFile Describe(FileReference file) => _files[file.Id].File;

    public async Task<StoredFile> SaveAsync(Stream content, FileDescription description, long maxBytes, CancellationToken cancellationToken)
    {
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken);

        if (Math.Min(maxBytes, MaxFileBytes) is var bound && copy.Length > bound)
        {
            throw new FileTooLargeException(bound);
        }

        var reference = Add(copy.ToArray(), description.Name);
        var file = _files[reference.Id].File with { MediaType = description.MediaType };
        _files[reference.Id] = (file, copy.ToArray());
        return file;
    }

    public ValueTask<StoredFile?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_files.TryGetValue(id, out var found) ? found.File : null);

    public ValueTask<Stream?> OpenAsync(Guid id, CancellationToken cancellationToken) =>
        ValueTask.FromResult<Stream?>(_files.TryGetValue(id, out var found) ? new MemoryStream(found.Content, writable: false) : null);

    public ValueTask<bool> DeleteAsync(Guid id, CancellationToken cancellationToken) => ValueTask.FromResult(_files.TryRemove(id, out _));

    public async IAsyncEnumerable<StoredFile> ListAsync(DateTimeOffset storedBefore, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;

        foreach (var (file, _) in _files.Values)
        {
            yield return file;
        }
    }
}
