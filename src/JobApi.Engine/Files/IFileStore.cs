namespace JobApi.Engine.Files;

/// <summary>Inputs and outputs that are too large for JSON. Files never change once they are stored.</summary>
public interface IFileStore
{
    /// <summary>
    /// Stores a stream. The file exists under its id when this returns, durably; when it throws, nothing is left behind.
    /// </summary>
    /// <exception cref="FileTooLargeException">The stream is longer than <paramref name="maxBytes"/>; the surplus was not read.</exception>
    /// <exception cref="FileStoreFullException">All files together would take more than the store may keep.</exception>
    Task<StoredFile> SaveAsync(Stream content, FileDescription description, long maxBytes, CancellationToken cancellationToken);

    /// <summary>Whether so many bytes would find room now. Others may take it before they come.</summary>
    bool HasRoomFor(long bytes) => true;

    /// <summary>Looks a file up by id.</summary>
    ValueTask<StoredFile?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Opens a file for reading, seekable; null when there is no such file. A deletion meanwhile does not disturb the reader.</summary>
    ValueTask<Stream?> OpenAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Deletes a file; false when there is no such file.</summary>
    ValueTask<bool> DeleteAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The files stored before a moment, in no order.</summary>
    IAsyncEnumerable<StoredFile> ListAsync(DateTimeOffset storedBefore, CancellationToken cancellationToken);
}

/// <summary>What is said about a file when it is stored.</summary>
/// <param name="MediaType">Its media type; <c>application/octet-stream</c> when unknown.</param>
/// <param name="Name">A name for people; never a path.</param>
public sealed record FileDescription(string MediaType, string? Name = null)
{
    /// <summary>The media type of bytes nobody described.</summary>
    public const string UnknownMediaType = "application/octet-stream";
}

/// <summary>A stored file.</summary>
/// <param name="Id">A UUIDv7.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Lower-case hexadecimal SHA-256 of its content.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="Name">A name for people.</param>
/// <param name="CreatedAt">When it was stored.</param>
public sealed record StoredFile(Guid Id, long Bytes, string Sha256, string MediaType, string? Name, DateTimeOffset CreatedAt);

/// <summary>A stream was longer than allowed.</summary>
/// <param name="maxBytes">The bound.</param>
public sealed class FileTooLargeException(long maxBytes) : Exception($"The file is larger than {maxBytes} bytes.")
{
    /// <summary>The bound.</summary>
    public long MaxBytes { get; } = maxBytes;
}

/// <summary>All files together take what the store may keep.</summary>
/// <param name="maxBytes">The bound.</param>
public sealed class FileStoreFullException(long maxBytes) : IOException($"The files take the {maxBytes} bytes that they may.")
{
    /// <summary>The bound.</summary>
    public long MaxBytes { get; } = maxBytes;
}
