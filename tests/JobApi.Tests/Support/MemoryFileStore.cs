using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using JobApi.Engine.Files;

namespace JobApi.Tests.Support;

/// <summary>Keeps files in memory: the endpoints are under test, not the disk.</summary>
internal sealed class MemoryFileStore(TimeProvider time) : IFileStore
{
    private readonly ConcurrentDictionary<Guid, (StoredFile File, byte[] Content)> _files = new();

    public async Task<StoredFile> SaveAsync(Stream content, FileDescription description, long maxBytes, CancellationToken cancellationToken)
    {
        using var copy = new MemoryStream();
        var buffer = new byte[4_096];

        while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (copy.Length + read > maxBytes)
            {
                throw new FileTooLargeException(maxBytes);
            }

            copy.Write(buffer, 0, read);
        }

        var bytes = copy.ToArray();
        var file = new StoredFile(
            Guid.CreateVersion7(time.GetUtcNow()), bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)), description.MediaType, description.Name, time.GetUtcNow());
        _files[file.Id] = (file, bytes);
        return file;
    }

    public ValueTask<StoredFile?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_files.TryGetValue(id, out var found) ? found.File : null);

    public ValueTask<Stream?> OpenAsync(Guid id, CancellationToken cancellationToken) =>
        ValueTask.FromResult<Stream?>(_files.TryGetValue(id, out var found) ? new MemoryStream(found.Content, writable: false) : null);

    public ValueTask<bool> DeleteAsync(Guid id, CancellationToken cancellationToken) => ValueTask.FromResult(_files.TryRemove(id, out _));

    public async IAsyncEnumerable<StoredFile> ListAsync(DateTimeOffset storedBefore, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (file, _) in _files.Values.Where(file => file.File.CreatedAt < storedBefore))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return await Task.FromResult(file);
        }
    }
}
