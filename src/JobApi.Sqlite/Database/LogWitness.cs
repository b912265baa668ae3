using System.Buffers.Binary;

namespace JobApi.Sqlite.Database;

/// <summary>
/// What a process that was killed has left in the log's index, <c>-shm</c>: how many frames of the log were committed, and the checksum of the last.
/// SQLite keeps it in shared memory and writes it anew at each start, so it costs nothing, and until the machine itself has gone down it is
/// right to the last commit: a log that was emptied, cut, or replaced by an earlier one does not match it.
/// </summary>
internal static class LogWitness
{
    private const int HeaderBytes = 48;
    private const int LogHeaderBytes = 32;
    private const int FrameHeaderBytes = 24;

    /// <summary>Whether the log holds what the index says was committed. True as well when the index says nothing.</summary>
    public static bool IsBorneOutBy(string dataFile)
    {
        Span<byte> index = stackalloc byte[2 * HeaderBytes];

        if (!TryRead(dataFile + "-shm", 0, index) || Frames(index) is not (> 0 and var frames))
        {
            return true;
        }

        var pageBytes = BitConverter.ToUInt16(index[14..]) is var size && size == 1 ? 1 << 16 : size;
        Span<byte> salts = stackalloc byte[8];
        Span<byte> frame = stackalloc byte[FrameHeaderBytes];
        var last = LogHeaderBytes + ((frames - 1) * (FrameHeaderBytes + (long)pageBytes));

        return TryRead(dataFile + "-wal", 16, salts) && salts.SequenceEqual(index[32..40])
            && TryRead(dataFile + "-wal", last, frame) && frame[8..16].SequenceEqual(salts)
            && BinaryPrimitives.ReadUInt32BigEndian(frame[16..]) == BitConverter.ToUInt32(index[24..])
            && BinaryPrimitives.ReadUInt32BigEndian(frame[20..]) == BitConverter.ToUInt32(index[28..])
            && new FileInfo(dataFile + "-wal").Length >= last + FrameHeaderBytes + pageBytes;
    }

    /// <summary>The number of committed frames; 0 when the header was being written when its process died, or is none.</summary>
    private static long Frames(ReadOnlySpan<byte> index)
    {
        var isSound = index[..HeaderBytes].SequenceEqual(index[HeaderBytes..]) && index[12] == 1 && IsChecked(index[..HeaderBytes]);

        return isSound ? BitConverter.ToUInt32(index[16..]) : 0;
    }

    /// <summary>SQLite's checksum of the first 40 bytes stands in the last 8. The index is in the byte order of its machine, which is this one.</summary>
    private static bool IsChecked(ReadOnlySpan<byte> header)
    {
        var (one, other) = (0u, 0u);

        for (var at = 0; at < HeaderBytes - 8; at += 8)
        {
            one += BitConverter.ToUInt32(header[at..]) + other;
            other += BitConverter.ToUInt32(header[(at + 4)..]) + one;
        }

        return one == BitConverter.ToUInt32(header[40..]) && other == BitConverter.ToUInt32(header[44..]);
    }

    private static bool TryRead(string path, long at, Span<byte> bytes)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);

        return RandomAccess.Read(file.SafeFileHandle, bytes, at) == bytes.Length;
    }
}
