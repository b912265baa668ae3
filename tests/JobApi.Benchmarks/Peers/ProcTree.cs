using System.Globalization;

namespace JobApi.Benchmarks.Peers;

/// <summary>What the operating system says of processes and of those they started. Reads <c>/proc</c>, so Linux only.</summary>
internal static class ProcTree
{
    // USER_HZ: the unit of times in /proc, the same on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;
    private const double KiBPerPage = 4;

    // Fields of /proc/<pid>/stat, counted from the one after the name in parentheses.
    private const int Parent = 1;
    private const int UserTime = 11;
    private const int ResidentPages = 21;

    /// <summary>Processor time, user and system, of those that live, and of those of their children that have ended.</summary>
    public static TimeSpan Cpu(IReadOnlyCollection<int> roots) => TimeSpan.FromSeconds(Tree(roots).Sum(stat => stat[UserTime..(UserTime + 4)].Sum()) / TicksPerSecond);

    public static double ResidentMiB(IReadOnlyCollection<int> roots) => Tree(roots).Sum(stat => stat[ResidentPages]) * KiBPerPage / 1024;

    private static List<double[]> Tree(IReadOnlyCollection<int> roots)
    {
        var all = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? (Id: id, Stat: Stat(id)) : default)
            .Where(process => process.Stat is not null)
            .ToDictionary(process => process.Id, process => process.Stat!);

        return [.. all.Where(process => Ancestry(process.Key).Any(roots.Contains)).Select(process => process.Value)];

        IEnumerable<int> Ancestry(int id)
        {
            for (; all.TryGetValue(id, out var stat); id = (int)stat[Parent])
            {
                yield return id;
            }
        }
    }

    /// <summary>The fields after the name as numbers; null when the process has ended.</summary>
    private static double[]? Stat(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            return [.. text[(text.LastIndexOf(')') + 2)..].Split(' ').Select(field => double.TryParse(field, CultureInfo.InvariantCulture, out var number) ? number : 0)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
