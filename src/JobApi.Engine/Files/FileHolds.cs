namespace JobApi.Engine.Files;

/// <summary>
/// Keeps the deletion of a file and a submission that names it apart. Between the look whether the file is there and the commit that makes the job
/// its owner, the store does not know of the job: a deletion that only asked the store would leave a job behind whose file is gone.
/// </summary>
public sealed class FileHolds
{
    private readonly Lock _gate = new();

    // Guarded by the gate. A file is in one of them at most.
    private readonly Dictionary<Guid, int> _named = [];
    private readonly Dictionary<Guid, TaskCompletionSource> _deleting = [];

    /// <summary>What one submission names. Disposed when it is stored or refused.</summary>
    public FileHold Open() => new(this);

    /// <summary>Begins a deletion, unless a submission under way names the file or another deletion has begun; whoever began it ends it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="earlier">The end of the deletion that has begun; null when there is none.</param>
    internal bool TryBeginDeletion(Guid file, out Task? earlier)
    {
        lock (_gate)
        {
            earlier = _deleting.TryGetValue(file, out var deletion) ? deletion.Task : null;

            return !_named.ContainsKey(file) && _deleting.TryAdd(file, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
    }

    internal void EndDeletion(Guid file)
    {
        lock (_gate)
        {
            _deleting.Remove(file, out var ended);
            ended?.SetResult();
        }
    }

    /// <summary>Holds a file; null when it is held, else what must end first.</summary>
    internal Task? TryHold(Guid file)
    {
        lock (_gate)
        {
            if (_deleting.TryGetValue(file, out var deletion))
            {
                return deletion.Task;
            }

            _named[file] = _named.GetValueOrDefault(file) + 1;
            return null;
        }
    }

    internal void LetGo(IEnumerable<Guid> files)
    {
        lock (_gate)
        {
            foreach (var file in files)
            {
                if (--_named[file] == 0)
                {
                    _named.Remove(file);
                }
            }
        }
    }
}

/// <summary>The files that one submission names; none of them is deleted until it is disposed.</summary>
public sealed class FileHold : IDisposable
{
    private readonly FileHolds _holds;
    private List<Guid>? _files;

    internal FileHold(FileHolds holds) => _holds = holds;

    /// <summary>Holds a file, whether or not it is there. A deletion that has begun is waited for; then the file is gone, or was in use after all.</summary>
    public async ValueTask AddAsync(Guid file)
    {
        while (_holds.TryHold(file) is { } deletion)
        {
            await deletion;
        }

        (_files ??= []).Add(file);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_files is { } files)
        {
            _files = null;
            _holds.LetGo(files);
        }
    }
}
