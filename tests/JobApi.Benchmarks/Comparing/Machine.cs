using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Hangfire;
using JobApi.Benchmarks.Peers;
using JobApi.Testing;

namespace JobApi.Benchmarks.Comparing;

/// <summary>What a figure is worth without: the day, the machine, the versions and the manner of the run.</summary>
internal static class Machine
{
    public static string Describe(CompareOptions options)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);

        return $"""
            {TimeProvider.System.GetUtcNow():yyyy-MM-dd}, {Environment.ProcessorCount} processors, {memory:0} GiB, {RuntimeInformation.OSDescription}, load {Load()} at the start.
            .NET {Environment.Version}, {string.Join(", ", Versions())}.
            Load generator: {options.Generator.Name}, on the same processors. Medians of {options.Rounds} rounds of {options.Turn.TotalSeconds:0} s, the systems in turns.
            """;
    }

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static IEnumerable<string> Versions()
    {
        yield return $"Hangfire {typeof(BackgroundJob).Assembly.GetName().Version!.ToString(3)}";

        foreach (var (program, argument) in new[] { ("node", "--version"), ("redis-server", "--version"), ("psql", "--version") })
        {
            if (Tool.Find(program) is { } found)
            {
                yield return FirstLine(program, found, argument);
            }
        }

        var packages = JsonDocument.Parse(File.ReadAllText(Path.Combine(NodePrograms.Folder, "package.json"))).RootElement.GetProperty("dependencies");

        foreach (var package in packages.EnumerateObject())
        {
            yield return $"{package.Name} {package.Value.GetString()}";
        }
    }

    private static string FirstLine(string program, string path, string argument)
    {
        using var process = Process.Start(new ProcessStartInfo(path, [argument]) { RedirectStandardOutput = true })!;
        var line = process.StandardOutput.ReadLine() ?? string.Empty;
        process.WaitForExit();

        // "Redis server v=7.0.15 sha=…" and "psql (PostgreSQL) 15.18 (Debian …)" are cut to what matters.
        return line.Split(" sha=")[0].Split(" (Debian")[0] is var text && text.StartsWith('v') ? $"{program} {text}" : text;
    }
}
