namespace JobApi.Sqlite.Database;

/// <summary>
/// Room that is kept for the moment in which there is none. On a full disk SQLite cannot even delete: it needs room for the log of the
/// deletion. Giving this file up makes that room, so that cancels, ends of jobs and deletions go on; when there is room again it is made anew.
/// </summary>
/// <param name="dataFile">The file it lies beside.</param>
/// <param name="bytes">How much it reserves; 0 for none.</param>
/// <param name="freeBytes">Asks for the room on the disk of a folder.</param>
internal sealed class Ballast(string dataFile, long bytes, Func<string, long> freeBytes)
{
    private readonly string _path = dataFile + ".ballast";
    private readonly string _folder = Path.GetDirectoryName(dataFile)!;
    private int _givenUp;

    /// <summary>How often it was given up.</summary>
    public int GivenUp => Volatile.Read(ref _givenUp);

    /// <summary>Makes room, if there is something to give up and the disk is what is full: a bound on the data file alone is no reason.</summary>
    public bool GiveUp()
    {
        try
        {
            if (!File.Exists(_path) || freeBytes(_folder) >= bytes)
            {
                return false;
            }

            File.Delete(_path);
            Interlocked.Increment(ref _givenUp);

            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Makes it, unless it is there or the disk would have less left than <paramref name="floor"/>.</summary>
    /// <returns>Whether it was made.</returns>
    public bool Make(long floor)
    {
        if (bytes == 0 || File.Exists(_path) || freeBytes(_folder) < bytes + floor)
        {
            return false;
        }

        var draft = _path + ".new";

        // Reserved block by block, not a hole of this length: what a hole needs is missing when it is needed.
        using (var file = new FileStream(draft, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, PreallocationSize = bytes }))
        {
            file.SetLength(bytes);
        }

        File.Move(draft, _path, overwrite: true);
        return true;
    }
}
