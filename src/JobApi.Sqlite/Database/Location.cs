using JobApi.Engine.Files;

namespace JobApi.Sqlite.Database;

/// <summary>Where a data file may be kept.</summary>
internal static class Location
{
    private static readonly string[] RemoteFormats = ["nfs", "cifs", "smb", "sshfs", "9p", "v9fs", "afs", "ceph", "gluster", "lustre"];

    /// <summary>The full path of a data file, or of what a link to it points to: SQLite keeps its log there, so everything else has to be there, too.</summary>
    public static string Behind(string path)
    {
        var file = new FileInfo(Path.GetFullPath(path));

        try
        {
            return file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        }
        catch (IOException)
        {
            // Links that lead in a circle: opening it says so.
            return file.FullName;
        }
    }

    /// <summary>Makes the folder if need be, and refuses one that cannot be written or trusted.</summary>
    public static void Prepare(string folder)
    {
        try
        {
            DiskSync.MakeFolder(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SqliteStoreException($"The folder {folder} cannot be made: {exception.Message} Choose another one (JobApi:Sqlite:Path).", exception);
        }

        Check(folder);
    }

    /// <summary>Refuses network file systems: their locks and their shared memory do not hold what SQLite's WAL needs.</summary>
    public static void Check(string folder)
    {
        var drive = new DriveInfo(folder);

        if (IsRemote(drive.DriveType, drive.DriveFormat))
        {
            throw new SqliteStoreException(
                $"The folder {folder} is on a network file system ({drive.DriveFormat}), where SQLite's locks cannot be trusted. Choose a local folder (JobApi:Sqlite:Path).");
        }
    }

    /// <summary>FUSE alone is no reason: local encrypted and overlay file systems use it too.</summary>
    public static bool IsRemote(DriveType type, string format) =>
        type == DriveType.Network || RemoteFormats.Any(remote => format.Contains(remote, StringComparison.OrdinalIgnoreCase));
}
