using System.Buffers.Binary;

namespace JobApi.Sqlite.Database;

/// <summary>Reads a write-ahead log as SQLite does: frame after frame, as far as salts and checksums hold.</summary>
internal static class LogFrames
{
    private const int HeaderBytes = 32;
    private const int FrameHeaderBytes = 24;
    private const uint Magic = 0x377f0682;

    /// <summary>Whether a page is whole in what the log has committed, or lies beyond the end that the last commit gave the file.</summary>
    public static bool MakeUpFor(string log, long page)
    {
        using var file = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1 << 16);
        Span<byte> header = stackalloc byte[HeaderBytes];

        if (file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || Number(header) is not (Magic or Magic + 1))
        {
            return false;
        }

        var sum = new Checksum(isBigEndian: Number(header) == Magic + 1);
        sum.Add(header[..24]);

        if (!sum.Equals(header[24..]))
        {
            return false;
        }

        var frame = new byte[FrameHeaderBytes + Number(header[8..])];
        var (isSeen, isCommitted, pages) = (false, false, 0L);

        while (file.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length && frame.AsSpan(8, 8).SequenceEqual(header[16..24]))
        {
            sum.Add(frame.AsSpan(0, 8));
            sum.Add(frame.AsSpan(FrameHeaderBytes));

            if (!sum.Equals(frame.AsSpan(16, 8)))
            {
                break;
            }

            isSeen |= Number(frame) == page;

            // The last frame of a commit says how many pages the file has from then on.
            if (Number(frame.AsSpan(4)) is var size and > 0)
            {
                (isCommitted, pages) = (isSeen, size);
            }
        }

        return isCommitted || (pages > 0 && page > pages);
    }

    private static uint Number(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32BigEndian(bytes);

    private struct Checksum(bool isBigEndian)
    {
        private uint _one;
        private uint _other;

        public void Add(ReadOnlySpan<byte> bytes)
        {
            for (var at = 0; at < bytes.Length; at += 8)
            {
                _one += Word(bytes[at..]) + _other;
                _other += Word(bytes[(at + 4)..]) + _one;
            }
        }

        public readonly bool Equals(ReadOnlySpan<byte> stored) => Number(stored) == _one && Number(stored[4..]) == _other;

        private readonly uint Word(ReadOnlySpan<byte> bytes) => isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }
}
