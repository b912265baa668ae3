using System.Globalization;

namespace JobApi.Benchmarks.Peers;

/// <summary>What the operating system says of processes and of those they started. Reads <c>/proc</c>, so Linux only.</summary>
internal static class ProcTree
{
    // USER_HZ: the unit of times in /proc, the same on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    // Fields of /proc/<pid>/stat, counted from the one after the name in parentheses.
    private const int Parent = 1;
    private const int UserTime = 11;

    /// <summary>Processor time, user and system, of those that live, and of those of their children that have ended.</summary>
    public static TimeSpan Cpu(IReadOnlyCollection<int> roots) =>
        TimeSpan.FromSeconds(Tree(roots).Values.Sum(stat => stat[UserTime..(UserTime + 4)].Sum()) / TicksPerSecond);

    /// <summary>Resident memory. A database's processes all show the memory they share: it counts once.</summary>
    public static double ResidentMiB(IReadOnlyCollection<int> roots)
    {
        var status = Tree(roots).Keys.Select(Status).ToList();
        return (status.Sum(lines => KiB(lines, "RssAnon:") + KiB(lines, "RssFile:")) + status.Max(lines => KiB(lines, "RssShmem:"))) / 1024;
    }

    /// <summary>The processes that a process has started and that live.</summary>
    public static IReadOnlyList<int> ChildrenOf(int parent) => [.. All().Where(process => (int)process.Value[Parent] == parent).Select(process => process.Key)];

    private static Dictionary<int, double[]> Tree(IReadOnlyCollection<int> roots)
    {
        var all = All();

        return all.Where(process => Ancestry(process.Key).Any(roots.Contains)).ToDictionary();

        IEnumerable<int> Ancestry(int id)
        {
            for (; all.TryGetValue(id, out var stat); id = (int)stat[Parent])
            {
                yield return id;
            }
        }
    }

    private static Dictionary<int, double[]> All() => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? (Id: id, Stat: Stat(id)) : default)
        .Where(process => process.Stat is not null)
        .ToDictionary(process => process.Id, process => process.Stat!);

    /// <summary>The fields after the name as numbers; null when the process has ended.</summary>
    private static double[]? Stat(int id) => Read($"/proc/{id}/stat") is { } text
        ? [.. text[(text.LastIndexOf(')') + 2)..].Split(' ').Select(field => double.TryParse(field, CultureInfo.InvariantCulture, out var number) ? number : 0)]
        : null;

    private static string[] Status(int id) => (Read($"/proc/{id}/status") ?? string.Empty).Split('\n');

    private static double KiB(string[] status, string key) =>
        status.FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal)) is { } line
            ? double.Parse(line.AsSpan(key.Length, line.Length - key.Length - " kB".Length).Trim(), CultureInfo.InvariantCulture)
            : 0;

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
