using System.Buffers;
using JobApi.Engine.Files;

namespace JobApi.Sqlite.Database;

/// <summary>The file of the write-ahead log, where SQLite leaves it to us.</summary>
internal static class LogFile
{
    /// <summary>The least length of the log while the store is open: what a checkpoint lets it grow to under load.</summary>
    public const long ReservedBytes = 8 << 20;

    private const int BufferBytes = 1 << 20;

    /// <summary>
    /// Gives the log its length beforehand, in zeros, which are no frames and so its end to SQLite. A commit that is written over them needs no new blocks,
    /// and flushing it does not wait for the file system's journal. Called before the first commit. A disk without room for it does without.
    /// </summary>
    /// <param name="dataFile">The data file it belongs to.</param>
    public static void Reserve(string dataFile)
    {
        using var log = new FileStream(dataFile + "-wal", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var before = log.Length;

        try
        {
            log.Position = before;

            for (var zeros = new byte[BufferBytes]; log.Position < ReservedBytes;)
            {
                log.Write(zeros, 0, (int)Math.Min(zeros.Length, ReservedBytes - log.Position));
            }

            DiskSync.File(log);
        }
        catch (IOException)
        {
            log.SetLength(before);
        }
    }

    /// <summary>
    /// Writes a log that a dead process left over itself and flushes it. When an fsync fails, the system counts the pages it could not write as written: what the next process
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
