namespace JobApi.Engine.Diagnostics;

/// <summary>Asks the operating system for the room on a disk.</summary>
public interface IDiskProbe
{
    /// <summary>Bytes this process may still write on the disk of a folder, whether or not the folder is there yet.</summary>
    /// <exception cref="IOException">The disk does not answer.</exception>
    long FreeBytes(string folder);
}

/// <inheritdoc />
internal sealed class DiskProbe : IDiskProbe
{
    public long FreeBytes(string folder)
    {
        var existing = new DirectoryInfo(folder);

        while (!existing.Exists && existing.Parent is { } parent)
        {
            existing = parent;
        }

        return new DriveInfo(existing.FullName).AvailableFreeSpace;
    }
}
