using JobApi.Engine.Files;
using JobApi.Sqlite;
using Microsoft.Extensions.Options;

namespace JobApi.Backups;

/// <summary>Puts a backup in the place of a data file that is not there; before anything is opened.</summary>
internal static class Restore
{
    /// <summary>The setting that names the backup: <c>--restore NAME</c>, in the backup folder, or the path of its folder.</summary>
    public const string Setting = "restore";

    private static readonly string[] Parts = ["", "-wal", ".state"];

    /// <exception cref="SqliteStoreException">There is no such backup, there is a data file already, or it cannot be written.</exception>
    public static void From(string backup, IServiceProvider services)
    {
        var target = Path.GetFullPath(services.GetRequiredService<IOptions<SqliteOptions>>().Value.Path);
        var files = Path.GetFullPath(services.GetRequiredService<IOptions<FileStoreOptions>>().Value.Folder);
        var source = Find(backup, services.GetRequiredService<IOptions<BackupOptions>>().Value.Folder);

        if (Parts.Select(part => target + part).FirstOrDefault(File.Exists) is { } there)
        {
            throw new SqliteStoreException($"{there} is there: a backup is not restored over it. Move {target} and everything whose name begins so away first, or start without --{Setting}.");
        }

        try
        {
            CopyFiles(Path.Combine(source, BackupMaker.FilesFolder), files);
            CopyData(Path.Combine(source, BackupMaker.DataFile), target);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SqliteStoreException($"The backup {source} could not be restored: {exception.Message}", exception);
        }
    }

    private static string Find(string backup, string folder) =>
        new[] { Path.GetFullPath(backup), Path.GetFullPath(Path.Combine(folder, backup)) }
            .FirstOrDefault(place => File.Exists(Path.Combine(place, BackupMaker.DataFile)))
        ?? throw new SqliteStoreException($"There is no backup {backup}: neither it nor {Path.Combine(folder, backup)} is a folder with a {BackupMaker.DataFile}.");

    /// <summary>Files are the same wherever they are: one that is there stays.</summary>
    private static void CopyFiles(string from, string to)
    {
        foreach (var file in Directory.Exists(from) ? Directory.EnumerateDirectories(from).SelectMany(Directory.EnumerateDirectories) : [])
        {
            var place = Path.Combine(to, Path.GetRelativePath(from, file));

            if (!Directory.Exists(place))
            {
                FolderCopy.Folder(file, place);
            }
        }
    }

    /// <summary>Last, and under another name until it is complete: a restore that was cut short can be repeated.</summary>
    private static void CopyData(string from, string to)
    {
        var folder = Directory.CreateDirectory(Path.GetDirectoryName(to)!).FullName;
        var draft = to + ".restore";
        File.Delete(draft);
        FolderCopy.File(from, draft);
        File.Move(draft, to);
        DiskSync.Folder(folder);
    }
}
