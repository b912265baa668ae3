using System.Text;
using JobApi.Engine.Files;

namespace JobApi.Sqlite.Database;

/// <summary>How the last process left the data file.</summary>
internal enum LastEnd
{
    /// <summary>Nobody has said: a new file, or one that was put here by hand.</summary>
    Unknown,

    /// <summary>Closed in order: everything is in the data file.</summary>
    Closed,

    /// <summary>Not closed: what was answered last is in the write-ahead log, so the log must be there.</summary>
    Open,
}

/// <summary>
/// A small file beside the data file that says whether the store was closed in order. It is what tells a first start from a lost data file,
/// and a log that is not needed from one that is missing.
/// </summary>
internal sealed class StateMark(string dataFile)
{
    private const string OpenWord = "open";
    private const string ClosedWord = "closed";

    private const string BootLine = "boot ";

    /// <summary>Linux's name for the time since the machine came up; elsewhere nothing is known about it.</summary>
    private const string BootId = "/proc/sys/kernel/random/boot_id";

    public string Path { get; } = dataFile + ".state";

    /// <summary>Whether the machine has been up ever since the mark was written.</summary>
    public bool IsOfThisBoot => Boot() is { } boot && File.ReadLines(Path).Contains(BootLine + boot);

    public LastEnd Read()
    {
        try
        {
            var text = File.ReadAllText(Path);

            return text.StartsWith(OpenWord, StringComparison.Ordinal) ? LastEnd.Open
                : text.StartsWith(ClosedWord, StringComparison.Ordinal) ? LastEnd.Closed
                : LastEnd.Unknown;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return LastEnd.Unknown;
        }
    }

    /// <summary>From now on the log matters. Written when it is there.</summary>
    public void Open() => Write($"{OpenWord}: a server works on {Name}, or one has ended without closing it. Then {Name}-wal belongs to it.\n{BootLine}{Boot()}");

    /// <summary>The log matters no more. Written when all of it is in the data file.</summary>
    public void Closed() => Write($"{ClosedWord}: everything is in {Name}.");

    private static string? Boot() => File.Exists(BootId) ? File.ReadAllText(BootId).Trim() : null;

    private string Name => System.IO.Path.GetFileName(dataFile);

    /// <summary>In one step: a crash shows the old words or the new ones.</summary>
    private void Write(string words)
    {
        var draft = Path + ".new";

        using (var file = new FileStream(draft, FileMode.Create, FileAccess.Write))
        {
            file.Write(Encoding.UTF8.GetBytes(words + "\n"));
            DiskSync.File(file);
        }

        File.Move(draft, Path, overwrite: true);
        DiskSync.Folder(System.IO.Path.GetDirectoryName(Path)!);
    }
}
