using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace JobApi.Engine.Files;

/// <summary>
/// Files in a folder. Each has a folder of its own, with its content and a note about it, which is made aside, flushed to the disk
/// and moved into place in one step: a crash shows a whole file or none. Several processes may share the folder.
/// </summary>
public sealed class FolderFileStore : IFileStore, IDisposable
{
    internal const string ContentName = "content";

    private const string NoteName = "note.json";

    private readonly FileStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly string _root;
    private readonly FolderUsage _usage;
    private readonly Workshop _workshop;

    // Shelves whose names are on the disk. That one is there does not tell: another upload may be about to flush it, or have died before it could.
    private readonly ConcurrentDictionary<string, bool> _shelves = new(StringComparer.Ordinal);

    /// <param name="options">Where, and how large.</param>
    /// <param name="time">Gives the ids their order and the files their age.</param>
    public FolderFileStore(FileStoreOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _time) = (options, time);
        _root = DiskSync.MakeFolder(options.Folder);
        _workshop = Workshop.Open(Path.Combine(_root, "incoming"));
        _usage = new FolderUsage(_root, options.MaxTotalBytes);
    }

    /// <summary>Ends when the files that were there before are counted.</summary>
    public Task Counted => _usage.Counted;

    /// <summary>Bytes of all files.</summary>
    public long Bytes => _usage.Bytes;

    /// <inheritdoc />
    public async Task<StoredFile> SaveAsync(Stream content, FileDescription description, long maxBytes, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var draft = _workshop.NewFolder(id);
        var taken = 0L;

        try
        {
            var (bytes, sha256) = await HashingCopy.ToFileAsync(
                content, Path.Combine(draft, ContentName), Math.Min(maxBytes, _options.MaxFileBytes), Take, cancellationToken);
            var file = new StoredFile(id, bytes, sha256, description.MediaType, description.Name, now);

            WriteNote(Path.Combine(draft, NoteName), file);
            DiskSync.Folder(draft);
            _usage.Put(id, bytes, () => Publish(draft, id));

            return file;
        }
        catch
        {
            _usage.GiveBack(taken);
            Clear(draft);
            throw;
        }

        void Take(long bytes)
        {
            _usage.Take(bytes);
            taken += bytes;
        }
    }

    /// <inheritdoc />
    public bool HasRoomFor(long bytes) => _usage.HasRoomFor(bytes);

    /// <inheritdoc />
    public ValueTask<StoredFile?> FindAsync(Guid id, CancellationToken cancellationToken) => new(ReadNote(FolderOf(id)));

    /// <inheritdoc />
    public ValueTask<Stream?> OpenAsync(Guid id, CancellationToken cancellationToken)
    {
        var folder = FolderOf(id);

        try
        {
            return new(File.Exists(Path.Combine(folder, NoteName))
                ? new FileStream(Path.Combine(folder, ContentName), new FileStreamOptions { Share = FileShare.Read | FileShare.Delete, Options = FileOptions.Asynchronous })
                : null);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return new((Stream?)null);
        }
    }

    /// <inheritdoc />
    public ValueTask<bool> DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        var folder = FolderOf(id);
        var exists = File.Exists(Path.Combine(folder, NoteName));

        if (exists)
        {
            _usage.Remove(id, Clear);
        }

        return new(exists);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<StoredFile> ListAsync(
        DateTimeOffset storedBefore, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var folder in Directory.EnumerateDirectories(_root, "??").SelectMany(Directory.EnumerateDirectories))
        {
            cancellationToken.ThrowIfCancellationRequested();

            if (ReadNote(folder) is not { } file)
            {
                // A folder comes into being with its note in it, so one without is a deletion that was cut short.
                Finish(folder);
            }
            else if (file.CreatedAt < storedBefore)
            {
                yield return file;
            }
        }

        // Folders are only enumerated synchronously; the interface leaves room for stores that wait.
        await Task.CompletedTask;
    }

    /// <summary>Where a file lies, from the root of the folder.</summary>
    public static string PlaceOf(Guid id)
    {
        var name = id.ToString("N");

        return Path.Combine(name[^2..], name);
    }

    /// <summary>Leaves the folder to other processes; files stay.</summary>
    public void Dispose()
    {
        _usage.Dispose();
        _workshop.Dispose();
    }

    /// <summary>Ids of one time begin alike, so their ends spread the files. Nothing a caller wrote ever becomes part of a path.</summary>
    private string FolderOf(Guid id) => Path.Combine(_root, PlaceOf(id));

    private void Publish(string draft, Guid id)
    {
        var target = FolderOf(id);
        var shelf = Path.GetDirectoryName(target)!;

        if (!_shelves.ContainsKey(shelf))
        {
            DiskSync.MakeFolder(shelf);
            _shelves.TryAdd(shelf, true);
        }

        Directory.Move(draft, target);

        try
        {
            DiskSync.Folder(shelf);
        }
        catch
        {
            Clear(target);
            throw;
        }
    }

    private void Finish(string folder)
    {
        if (Guid.TryParseExact(Path.GetFileName(folder), "N", out var id))
        {
            _usage.Remove(id, Clear);
        }
        else
        {
            Clear(folder);
        }
    }

    private static void WriteNote(string path, StoredFile file)
    {
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        JsonSerializer.Serialize(stream, file, FileNotes.Default.StoredFile);
        DiskSync.File(stream);
    }

    private static StoredFile? ReadNote(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, NoteName)), FileNotes.Default.StoredFile);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The note goes first: without it the file does not exist, whatever else is left. Two deletions at once do no harm.</summary>
    private static void Clear(string folder)
    {
        try
        {
            File.Delete(Path.Combine(folder, NoteName));
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody else was quicker, or it never came to be.
        }
    }
}
