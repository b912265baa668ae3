using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace JobApi.Sqlite.Database;

/// <summary>
/// SQLite's own way to files with two things changed. The write-ahead log is flushed with <c>fdatasync</c>, as SQLite does where it is built for it, which the
/// library of the driver is not. The log is written over again and again, so its length seldom changes; <c>fsync</c> waits for the file system's journal
/// all the same, because of the time of the last write. And the pages of a <see cref="LogCommit"/> are written to the log together.
/// </summary>
internal static unsafe class LogVfs
{
    /// <summary>SQLITE_OK.</summary>
    public const int Ok = 0;

    private const string Name = "jobapi";
    private const int FlushFailed = 10 | (4 << 8); // SQLITE_IOERR_FSYNC
    private const int IsLog = 0x00080000; // SQLITE_OPEN_WAL
    private const int ReadWriteCloseOnExec = 2 | 0x80000;

    private static readonly ConcurrentDictionary<nint, Log> Logs = new();
    private static readonly Lazy<string?> Registered = new(Register);

    private static SqliteVfs* _original;
    private static SqliteFileMethods* _originalMethods;
    private static SqliteFileMethods* _methods;

    /// <summary>The name to open files by; null where there is no such call.</summary>
    public static string? Use() => Registered.Value;

    /// <summary>Writes into a file of this kind, now. At most <see cref="LogCommit.MaxBytes"/>.</summary>
    /// <returns>SQLite's code.</returns>
    public static int WriteNow(SqliteFile* file, void* bytes, int count, long offset) => _originalMethods->Write(file, bytes, count, offset);

    private static string? Register()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        _original = Find(null);
        var own = (SqliteVfs*)NativeMemory.Alloc((nuint)sizeof(SqliteVfs));
        *own = *_original;
        own->Next = null;
        own->Name = (byte*)Marshal.StringToCoTaskMemUTF8(Name);
        own->Open = &Open;

        return Register(own, makeDefault: 0) == Ok ? Name : null;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(SqliteVfs* vfs, byte* path, SqliteFile* file, int flags, int* outFlags)
    {
        var result = _original->Open(_original, path, file, flags, outFlags);

        if (result == Ok && (flags & IsLog) != 0 && file->Methods->Version >= 1)
        {
            file->Methods = Changed(file->Methods);
            Logs[(nint)file] = new Log((nint)path);
        }

        return result;
    }

    private static SqliteFileMethods* Changed(SqliteFileMethods* original)
    {
        lock (Logs)
        {
            if (_methods is null)
            {
                var methods = (SqliteFileMethods*)NativeMemory.Alloc((nuint)sizeof(SqliteFileMethods));
                *methods = *original;
                methods->Read = &Read;
                methods->Write = &Write;
                methods->Sync = &Sync;
                methods->Close = &Close;
                _originalMethods = original;
                _methods = methods;
            }

            return _methods;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(SqliteFile* file, void* bytes, int count, long offset) =>
        LogCommit.Current is { } commit && commit.WriteGathered() is var result and not Ok ? result : _originalMethods->Read(file, bytes, count, offset);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(SqliteFile* file, void* bytes, int count, long offset) =>
        LogCommit.Current is { } commit ? commit.Write(file, bytes, count, offset) : WriteNow(file, bytes, count, offset);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(SqliteFile* file, int flags)
    {
        if (LogCommit.Current is { } commit && commit.WriteGathered() is var result and not Ok)
        {
            return result;
        }

        var log = Logs[(nint)file];

        if (log.Descriptor < 0)
        {
            log.Descriptor = OpenDescriptor((byte*)log.Path, ReadWriteCloseOnExec);
            return _originalMethods->Sync(file, flags);
        }

        return SyncData(log.Descriptor) == 0 ? Ok : FlushFailed;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Close(SqliteFile* file)
    {
        if (Logs.TryRemove((nint)file, out var log) && log.Descriptor >= 0)
        {
            _ = CloseDescriptor(log.Descriptor);
        }

        return _originalMethods->Close(file);
    }

    private sealed class Log(nint path)
    {
        public nint Path => path;

        public int Descriptor { get; set; } = -1;
    }

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_vfs_find")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern SqliteVfs* Find(byte* name);

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_vfs_register")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int Register(SqliteVfs* vfs, int makeDefault);

    [DllImport("libc", EntryPoint = "fdatasync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SyncData(int descriptor);

    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenDescriptor(byte* path, int flags);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int CloseDescriptor(int descriptor);
}
