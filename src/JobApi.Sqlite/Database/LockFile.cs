using System.Globalization;
using System.Text;

namespace JobApi.Sqlite.Database;

/// <summary>
/// Keeps a second process away from a data file. The operating system lets go of it with the process, however that ended: who
/// holds it knows that every earlier holder is dead.
/// </summary>
internal sealed class LockFile : IDisposable
{
    private readonly FileStream _file;

    private LockFile(FileStream file) => _file = file;

    public static LockFile Take(string dataFile)
    {
        var path = dataFile + ".lock";

        try
        {
            // The file itself stays: deleting it would let two processes hold a lock of the same name.
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            Sign(file);

            return new LockFile(file);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new SqliteStoreException($"This process may not write {path}. Give it the right to, or another file (JobApi:Sqlite:Path).", exception);
        }
        catch (IOException exception) when (!IsHeld(exception))
        {
            throw new SqliteStoreException($"{path}, which keeps others away from {dataFile}, cannot be opened: {exception.Message}", exception);
        }
        catch (IOException exception)
        {
            throw new SqliteStoreException(
                $"The data file {dataFile} is in use by another process, which holds {path}. Stop that process, or give this one another file (JobApi:Sqlite:Path).",
                exception);
        }
    }

    /// <summary>Who holds it, for people who look. A disk without room for the number is no reason to hold it less.</summary>
    private static void Sign(FileStream file)
    {
        try
        {
            file.SetLength(0);
            file.Write(Encoding.UTF8.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
        }
        catch (IOException)
        {
            // Nobody reads it but people.
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Whether somebody else has it open, as Linux, macOS and Windows say it.</summary>
    private static bool IsHeld(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);
}
