namespace JobApi.Engine.Files;

/// <summary>Copies what lies in folders so that it survives a power cut.</summary>
public static class FolderCopy
{
    /// <summary>Copies one file to the disk.</summary>
    /// <returns>Its bytes.</returns>
    /// <exception cref="IOException">There is no room, the target is there already, or the disk failed.</exception>
    public static long File(string from, string to)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var target = new FileStream(to, FileMode.CreateNew, FileAccess.Write);
        source.CopyTo(target);
        DiskSync.File(target);

        return target.Length;
    }

    /// <summary>Copies the files of a folder into a new folder, which appears complete or not at all.</summary>
    /// <returns>Their bytes.</returns>
    /// <exception cref="DirectoryNotFoundException">The source is gone.</exception>
    public static long Folder(string from, string to)
    {
        var shelf = Directory.CreateDirectory(Path.GetDirectoryName(to)!).FullName;
        var draft = to + ".copy";

        if (Directory.Exists(draft))
        {
            Directory.Delete(draft, recursive: true);
        }

        Directory.CreateDirectory(draft);
        var bytes = Directory.EnumerateFiles(from).ToList().Sum(file => File(file, Path.Combine(draft, Path.GetFileName(file))));
        DiskSync.Folder(draft);
        Directory.Move(draft, to);
        DiskSync.Folder(shelf);

        return bytes;
    }
}
