using System.Buffers;
using JobApi.Engine.Files;

namespace JobApi.Sqlite.Database;

/// <summary>The write-ahead log that a process left which did not end by itself.</summary>
internal static class LogFile
{
    private const int BufferBytes = 1 << 20;

    /// <summary>
    /// Writes a log over itself and flushes it. When an fsync fails, the system counts the pages it could not write as written: what the next process
    /// reads in them is not on the disk, and no later fsync puts it there. Commits appended to such a log would be lost with it in a power cut. A
    /// page that is written again is flushed again, and as the bytes are the same, a death in the midst of it changes nothing.
    /// </summary>
    /// <param name="dataFile">The data file it belongs to.</param>
    public static void WriteAgain(string dataFile)
    {
        var path = dataFile + "-wal";

        if (!File.Exists(path))
        {
            return;
        }

        using var log = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);

        try
        {
            for (var at = 0L; RandomAccess.Read(log.SafeFileHandle, buffer, at) is var read and > 0; at += read)
            {
                RandomAccess.Write(log.SafeFileHandle, buffer.AsSpan(0, read), at);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        DiskSync.File(log);
    }
}
