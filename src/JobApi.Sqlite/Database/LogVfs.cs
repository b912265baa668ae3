using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace JobApi.Sqlite.Database;

/// <summary>
/// SQLite's own way to files with one call changed: the write-ahead log is flushed with <c>fdatasync</c>, as SQLite does where it is built for it, which the
/// library of the driver is not. The log is written over again and again, so its length seldom changes; <c>fsync</c> waits for the file system's journal
/// all the same, because of the time of the last write.
/// </summary>
internal static unsafe class LogVfs
{
    private const string Name = "jobapi";
    private const int Ok = 0;
    private const int FlushFailed = 10 | (4 << 8); // SQLITE_IOERR_FSYNC
    private const int IsLog = 0x00080000; // SQLITE_OPEN_WAL
    private const int ReadWriteCloseOnExec = 2 | 0x80000;

    private static readonly ConcurrentDictionary<nint, Log> Logs = new();
    private static readonly Lazy<string?> Registered = new(Register);

    private static Vfs* _original;
    private static Methods* _originalMethods;
    private static Methods* _methods;

    /// <summary>The name to open files by; null where there is no such call.</summary>
    public static string? Use() => Registered.Value;

    private static string? Register()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        _original = Find(null);
        var own = (Vfs*)NativeMemory.Alloc((nuint)sizeof(Vfs));
        *own = *_original;
        own->Next = null;
        own->Name = (byte*)Marshal.StringToCoTaskMemUTF8(Name);
        own->Open = &Open;

        return Register(own, makeDefault: 0) == Ok ? Name : null;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(Vfs* vfs, byte* path, OpenFile* file, int flags, int* outFlags)
    {
        var result = _original->Open(_original, path, file, flags, outFlags);

        if (result == Ok && (flags & IsLog) != 0 && file->Methods->Version >= 1)
        {
            file->Methods = Changed(file->Methods);
            Logs[(nint)file] = new Log((nint)path);
        }

        return result;
    }

    private static Methods* Changed(Methods* original)
    {
        lock (Logs)
        {
            if (_methods is null)
            {
                var methods = (Methods*)NativeMemory.Alloc((nuint)sizeof(Methods));
                *methods = *original;
                methods->Sync = &Sync;
                methods->Close = &Close;
                _originalMethods = original;
                _methods = methods;
            }

            return _methods;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(OpenFile* file, int flags)
    {
        var log = Logs[(nint)file];

        if (log.Descriptor < 0)
        {
            log.Descriptor = OpenDescriptor((byte*)log.Path, ReadWriteCloseOnExec);
            return _originalMethods->Sync(file, flags);
        }

        return SyncData(log.Descriptor) == 0 ? Ok : FlushFailed;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Close(OpenFile* file)
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

    [StructLayout(LayoutKind.Sequential)]
    private struct Vfs
    {
        public int Version, FileSize, MaxPath;
        public Vfs* Next;
        public byte* Name;
        public void* Data;
        public delegate* unmanaged[Cdecl]<Vfs*, byte*, OpenFile*, int, int*, int> Open;
        public fixed long Rest[15];
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct OpenFile
    {
        public Methods* Methods;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Methods
    {
        public int Version;
        public delegate* unmanaged[Cdecl]<OpenFile*, int> Close;
        public void* Read;
        public void* Write;
        public void* Truncate;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int> Sync;
        public fixed long Rest[13];
    }

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_vfs_find")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern Vfs* Find(byte* name);

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_vfs_register")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int Register(Vfs* vfs, int makeDefault);

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
