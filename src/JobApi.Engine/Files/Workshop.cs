namespace JobApi.Engine.Files;

/// <summary>
/// This process's folder for files in the making. A lock file that only a living process holds tells whose folders are
/// left over; those are removed at start.
/// </summary>
internal sealed class Workshop : IDisposable
{
    private const string LockName = "lock";

    private readonly string _folder;
    private readonly FileStream _lock;

    private Workshop(string folder, FileStream held)
    {
        _folder = folder;
        _lock = held;
    }

    public static Workshop Open(string yard)
    {
        Directory.CreateDirectory(yard);

        foreach (var left in Directory.EnumerateDirectories(yard))
        {
            RemoveIfDead(left);
        }

        var folder = Directory.CreateDirectory(Path.Combine(yard, Guid.NewGuid().ToString("N"))).FullName;

        return new Workshop(folder, Hold(folder));
    }

    public string NewFolder(Guid id) => Directory.CreateDirectory(Path.Combine(_folder, id.ToString("N"))).FullName;

    public void Dispose()
    {
        _lock.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static FileStream Hold(string folder) => new(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private static void RemoveIfDead(string folder)
    {
        try
        {
            using (Hold(folder))
            {
            }

            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // Its process lives, or another one that starts right now removes it.
        }
    }
}
