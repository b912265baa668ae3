using System.Diagnostics;
using System.Globalization;
using JobApi.Testing;

namespace JobApi.Benchmarks;

/// <summary>What the operating system says of a server. Reads <c>/proc</c>, so Linux only.</summary>
internal static class ProcFigures
{
    public static double ResidentMiB(this ServerProcess server) => StatusKiB(server, "VmRSS:") / 1024;

    /// <summary>The highest resident memory since the process began.</summary>
    public static double PeakResidentMiB(this ServerProcess server) => StatusKiB(server, "VmHWM:") / 1024;

    /// <summary>Processor time used so far, user and system.</summary>
    public static TimeSpan Cpu(this ServerProcess server)
    {
        using var process = Process.GetProcessById(server.Id);
        return process.TotalProcessorTime;
    }

    private static double StatusKiB(ServerProcess server, string key)
    {
        var line = File.ReadLines($"/proc/{server.Id}/status").First(line => line.StartsWith(key, StringComparison.Ordinal));
        return double.Parse(line.AsSpan(key.Length, line.Length - key.Length - 2).Trim(), CultureInfo.InvariantCulture);
    }
}
