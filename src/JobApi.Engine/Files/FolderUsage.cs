using System.Globalization;

namespace JobApi.Engine.Files;

/// <summary>
/// How many bytes the files of a folder take, and no more than a bound. What was there before this process is counted in the background, shelf by
/// shelf, so that a start does not wait for a million files; until a shelf is counted, its files take no room.
/// </summary>
internal sealed class FolderUsage : IDisposable
{
    private const int Shelves = 256;

    private readonly string _root;
    private readonly long _max;
    private readonly Func<string, IEnumerable<string>> _list;
    private readonly CancellationTokenSource _closed = new();

    // Each shelf has a lock: while it is counted, nothing comes to it and nothing goes.
    private readonly Lock[] _gates = [.. Enumerable.Range(0, Shelves).Select(_ => new Lock())];
    private readonly bool[] _isCounted = new bool[Shelves];
    private long _bytes;

    /// <param name="root">The folder.</param>
    /// <param name="max">The bound.</param>
    /// <param name="list">Lists the folders of a shelf.</param>
    public FolderUsage(string root, long max, Func<string, IEnumerable<string>>? list = null)
    {
        (_root, _max, _list) = (root, max, list ?? Directory.EnumerateDirectories);
        Counted = Task.Run(Count);
    }

    /// <summary>Ends when the whole folder is counted.</summary>
    public Task Counted { get; }

    /// <summary>Bytes of all files, those in the making included.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public bool HasRoomFor(long bytes) => Bytes + bytes <= _max;

    /// <summary>Takes room for bytes that are about to be written.</summary>
    /// <exception cref="FileStoreFullException">There is none.</exception>
    public void Take(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) > _max)
        {
            GiveBack(bytes);
            throw new FileStoreFullException(_max);
        }
    }

    public void GiveBack(long bytes) => Interlocked.Add(ref _bytes, -bytes);

    /// <summary>Puts a file whose room was taken onto its shelf.</summary>
    public void Put(Guid id, long bytes, Action put)
    {
        var shelf = ShelfOf(id);

        lock (_gates[shelf])
        {
            put();

            if (!_isCounted[shelf])
            {
                GiveBack(bytes);
            }
        }
    }

    /// <summary>Takes a file off its shelf.</summary>
    public void Remove(Guid id, Action<string> remove)
    {
        var (shelf, folder) = (ShelfOf(id), Path.Combine(_root, FolderFileStore.PlaceOf(id)));

        lock (_gates[shelf])
        {
            var bytes = BytesOf(folder);
            remove(folder);

            if (_isCounted[shelf])
            {
                GiveBack(bytes);
            }
        }
    }

    public void Dispose()
    {
        _closed.Cancel();
        Counted.Wait();
        _closed.Dispose();
    }

    private void Count()
    {
        for (var shelf = 0; shelf < Shelves && !_closed.IsCancellationRequested; shelf++)
        {
            lock (_gates[shelf])
            {
                var folder = Path.Combine(_root, shelf.ToString("x2", CultureInfo.InvariantCulture));

                try
                {
                    Interlocked.Add(ref _bytes, Directory.Exists(folder) ? _list(folder).Sum(BytesOf) : 0);
                    _isCounted[shelf] = true;
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    // A shelf that cannot be read now stays uncounted: its files take no room, and give none back.
                }
            }
        }
    }

    private static long BytesOf(string folder) => new FileInfo(Path.Combine(folder, FolderFileStore.ContentName)) is { Exists: true } content ? content.Length : 0;

    /// <summary>The last byte of the id, which names the shelf.</summary>
    private static int ShelfOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);

        return bytes[15];
    }
}
