using System.Buffers;
using System.Security.Cryptography;

namespace JobApi.Engine.Files;

/// <summary>Writes a stream to the disk and learns its length and hash on the way.</summary>
internal static class HashingCopy
{
    private const int BufferBytes = 80 * 1024;

    /// <param name="content">What to write.</param>
    /// <param name="path">The file to make.</param>
    /// <param name="maxBytes">The most bytes that may come.</param>
    /// <param name="takeRoom">Called before bytes are written, with their number; throws when there is no room for them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FileTooLargeException">More than <paramref name="maxBytes"/> came; one byte of the surplus was read.</exception>
    public static async Task<(long Bytes, string Sha256)> ToFileAsync(Stream content, string path, long maxBytes, Action<long> takeRoom, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        var bytes = 0L;

        try
        {
            while (await content.ReadAsync(buffer.AsMemory(0, Ask(maxBytes - bytes)), cancellationToken) is var read and > 0)
            {
                bytes += read;

                if (bytes > maxBytes)
                {
                    throw new FileTooLargeException(maxBytes);
                }

                takeRoom(read);
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        DiskSync.File(file);

        return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>One byte more than may come, so that a stream that is too long is noticed at its first surplus byte.</summary>
    private static int Ask(long left) => (int)Math.Min(BufferBytes, left + 1);
}
