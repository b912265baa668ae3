using System.Globalization;
using JobApi.Benchmarks.Peers;
using JobApi.Testing;

namespace JobApi.Benchmarks;

/// <summary>What the operating system says of a server, counted as in the comparison. Reads <c>/proc</c>, so Linux only.</summary>
internal static class ProcFigures
{
    private const string Peak = "VmHWM:";

    public static double ResidentMiB(this ServerProcess server) => ProcTree.ResidentMiB([server.Id]);

    /// <summary>The highest resident memory since the process began.</summary>
    public static double PeakResidentMiB(this ServerProcess server)
    {
        var line = File.ReadLines($"/proc/{server.Id}/status").First(line => line.StartsWith(Peak, StringComparison.Ordinal));
        return double.Parse(line.AsSpan(Peak.Length, line.Length - Peak.Length - " kB".Length).Trim(), CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>Processor time used so far, user and system.</summary>
    public static TimeSpan Cpu(this ServerProcess server) => ProcTree.Cpu([server.Id]);
}
