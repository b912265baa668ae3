using System.Runtime.InteropServices;

namespace JobApi.Sqlite.Database;

/// <summary>
/// Commits of a connection, their pages written to the write-ahead log together: SQLite writes each with two calls of the system. What it writes is gathered, and written when it reads from
/// the log or flushes it; only after the flush does SQLite tell other connections of the commit. So it is only for a connection whose every commit is flushed (<c>synchronous=FULL</c>).
/// </summary>
internal sealed unsafe class LogCommit
{
    /// <summary>The most that is written at once: SQLite itself writes no more than 128 KiB less a byte in one call.</summary>
    public const int MaxBytes = 120 << 10;

    [ThreadStatic]
    private static LogCommit? _current;

    private readonly byte[] _gathered = GC.AllocateUninitializedArray<byte>(MaxBytes, pinned: true);
    private SqliteFile* _file;
    private long _offset;
    private int _count;

    /// <summary>The commit that this thread is making.</summary>
    public static LogCommit? Current => _current;

    /// <summary>Commits on this thread.</summary>
    /// <param name="commit">SQLite's statement.</param>
    public void Make(Statement commit)
    {
        (_current, _count) = (this, 0);

        try
        {
            commit.Run();

            if (_count > 0)
            {
                // Others see the commit already: its pages must be where they will read them.
                _ = WriteGathered();
                throw new InvalidOperationException("SQLite has committed without flushing what it wrote.");
            }
        }
        finally
        {
            _current = null;
        }
    }

    /// <summary>Takes bytes for the log.</summary>
    /// <returns>SQLite's code.</returns>
    public int Write(SqliteFile* file, void* bytes, int count, long offset)
    {
        var goesOn = file == _file && offset == _offset + _count && count <= MaxBytes - _count;

        if (!goesOn && WriteGathered() is var result and not LogVfs.Ok)
        {
            return result;
        }

        if (count > MaxBytes)
        {
            return LogVfs.WriteNow(file, bytes, count, offset);
        }

        if (_count == 0)
        {
            _file = file;
            _offset = offset;
        }

        new ReadOnlySpan<byte>(bytes, count).CopyTo(_gathered.AsSpan(_count));
        _count += count;

        return LogVfs.Ok;
    }

    /// <summary>Writes what was taken.</summary>
    /// <returns>SQLite's code.</returns>
    public int WriteGathered()
    {
        var count = _count;
        _count = 0;

        return count == 0 ? LogVfs.Ok : LogVfs.WriteNow(_file, Marshal.UnsafeAddrOfPinnedArrayElement(_gathered, 0).ToPointer(), count, _offset);
    }
}
