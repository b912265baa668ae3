using System.Runtime.InteropServices;

namespace JobApi.Engine.Files;

/// <summary>Makes files and folders survive a power cut. Unix alone asks for the latter: flushing a file there does not flush its name.</summary>
public static class DiskSync
{
    private const int NoAccess = 13;

    /// <summary>
    /// Returns when every byte of a file is on the disk. Throws when the disk says no: <see cref="FileStream.Flush(bool)"/> keeps the errors of fsync to itself.
    /// </summary>
    public static void File(FileStream file)
    {
        ArgumentNullException.ThrowIfNull(file);
        file.Flush(flushToDisk: OperatingSystem.IsWindows());

        if (!OperatingSystem.IsWindows() && Sync((int)file.SafeFileHandle.DangerousGetHandle()) != 0)
        {
            throw Failure(file.Name);
        }
    }

    /// <summary>
    /// Makes a folder, and those above it that are missing, so that its own name survives too. One that is there is flushed all the same: whoever made it
    /// may have died before he could. Returns its full path.
    /// </summary>
    public static string MakeFolder(string path)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

        if (Path.GetDirectoryName(folder) is not { } parent)
        {
            return folder;
        }

        var exists = Directory.Exists(folder);

        if (!exists)
        {
            MakeFolder(parent);
            Directory.CreateDirectory(folder);
        }

        // Somebody else's folder around one that is there may be closed to us, and then it was not we who made it just now.
        Folder(parent, mayBeClosed: exists);

        return folder;
    }

    /// <summary>Returns when the folder's entries, such as a new or renamed file, are on the disk. Throws when the disk says no.</summary>
    public static void Folder(string path) => Folder(path, mayBeClosed: false);

    private static void Folder(string path, bool mayBeClosed)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(path, 0);

        if (descriptor < 0)
        {
            if (mayBeClosed && Marshal.GetLastPInvokeError() == NoAccess)
            {
                return;
            }

            throw Failure(path);
        }

        try
        {
            if (Sync(descriptor) != 0)
            {
                throw Failure(path);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string path) => new($"{path} could not be flushed to the disk: {Marshal.GetLastPInvokeErrorMessage()}.");

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
