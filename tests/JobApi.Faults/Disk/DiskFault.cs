namespace JobApi.Faults.Disk;

/// <summary>What a program asks of its disk. The values are bits of a mask.</summary>
[Flags]
public enum DiskCalls
{
    None = 0,

    /// <summary>A new file is made.</summary>
    Create = 1,

    /// <summary>Bytes are written.</summary>
    Write = 2,

    /// <summary>A file gets another length, or room is reserved for it.</summary>
    Resize = 4,

    /// <summary>A file or folder is to be flushed; the fault strikes before anything is durable.</summary>
    Sync = 8,

    /// <summary>It has been flushed, and the program is about to be told.</summary>
    Synced = 16,

    /// <summary>A name is moved; the path is the new one.</summary>
    Rename = 32,

    /// <summary>A name is removed.</summary>
    Remove = 64,

    /// <summary>A folder is made.</summary>
    MakeFolder = 128,
}

/// <summary>Files and folders that are counted apart.</summary>
internal enum DiskKind
{
    /// <summary>Write-ahead logs: names that end in <c>-wal</c>.</summary>
    Log,

    /// <summary>Data files: names that end in <c>.db</c>.</summary>
    Database,

    /// <summary>Folders.</summary>
    Folder,

    /// <summary>Everything else.</summary>
    Other,
}

/// <summary>What becomes of a call that a fault strikes.</summary>
internal enum DiskAction
{
    /// <summary>It fails with an error. An fsync that fails also loses what it should have written: no later one makes it durable.</summary>
    Fail = 1,

    /// <summary>The program is killed (SIGKILL) in its midst.</summary>
    Kill = 2,

    /// <summary>A write takes half of its bytes.</summary>
    Shorten = 3,

    /// <summary>An fsync answers that all is well and makes nothing durable.</summary>
    Lie = 4,
}

/// <summary>Errors as Linux numbers them.</summary>
internal enum DiskError
{
    None = 0,
    InputOutput = 5,
    NoSpace = 28,
    ReadOnly = 30,
}

/// <summary>A fault that can be armed while the program runs.</summary>
/// <param name="Calls">The calls it meets.</param>
/// <param name="Path">How their path ends, such as <c>-wal</c>; when it ends in a slash, any part of the path. The paths of folders end in a slash.</param>
/// <param name="Action">What it does to them.</param>
internal sealed record DiskFault(DiskCalls Calls, string Path, DiskAction Action)
{
    /// <summary>The error of <see cref="DiskAction.Fail"/>. Default <see cref="DiskError.InputOutput"/>.</summary>
    public DiskError Error { get; init; } = DiskError.InputOutput;

    /// <summary>Calls that pass before it strikes. Default 0.</summary>
    public long After { get; init; }

    /// <summary>How often it strikes; for ever when absent.</summary>
    public long? Times { get; init; }

    /// <summary>Every fsync of such a file fails, as on a disk that dies.</summary>
    public static DiskFault SyncError(string path) => new(DiskCalls.Sync, path, DiskAction.Fail);

    /// <summary>Every write to such a file fails.</summary>
    public static DiskFault WriteError(string path) => new(DiskCalls.Write, path, DiskAction.Fail);

    /// <summary>Flushing such a file does nothing. For <c>-wal</c> this is what <c>synchronous=NORMAL</c> makes of a commit.</summary>
    public static DiskFault LyingSync(string path) => new(DiskCalls.Sync, path, DiskAction.Lie);

    /// <summary>The program dies before it writes to such a file for the n-th time, counted from 0.</summary>
    public static DiskFault KillBeforeWrite(string path, long after) => new(DiskCalls.Write, path, DiskAction.Kill) { After = after };

    /// <summary>The program dies after it wrote to such a file and before that is flushed for the n-th time, counted from 0.</summary>
    public static DiskFault KillBeforeSync(string path, long after) => new(DiskCalls.Sync, path, DiskAction.Kill) { After = after };

    /// <summary>The program dies when such a file has been flushed for the n-th time, counted from 0, and before it hears of it.</summary>
    public static DiskFault KillAfterSync(string path, long after) => new(DiskCalls.Synced, path, DiskAction.Kill) { After = after };
}
