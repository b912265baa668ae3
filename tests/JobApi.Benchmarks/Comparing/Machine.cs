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
            {TimeProvider.System.GetUtcNow():yyyy-MM-dd}, {Environment.ProcessorCount} processors ({Processor()}), {memory:0} GiB, {RuntimeInformation.OSDescription}, data on {FileSystem()}, load {Load()} at the start.
            JobApi {Commit()}, .NET {Environment.Version}, {string.Join(", ", Versions())}.
            Load generator: {options.Generator.Name}, on the same processors. Medians of {options.Rounds} rounds of {options.TurnLength.TotalSeconds:0} s, the systems in turns.
            """;
    }

    private static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[^1] ?? "unknown";

    private static string FileSystem() => new DriveInfo(Path.GetTempPath()).DriveFormat;

    private static string Commit() => Tool.Find("git") is { } git ? FirstLine(git, "-C", ServerProcess.Repository, "describe", "--always", "--dirty") : "of an unknown commit";

    private static IEnumerable<string> Versions()
    {
        yield return $"Hangfire {typeof(BackgroundJob).Assembly.GetName().Version!.ToString(3)}";

        foreach (var (program, argument) in new[] { ("node", "--version"), ("redis-server", "--version"), ("psql", "--version"), ("wrk", "--version") })
        {
            if (Tool.Find(program) is { } found)
            {
                var line = FirstLine(found, argument);
                yield return line.StartsWith('v') ? $"{program} {line}" : line;
            }
        }

        var packages = JsonDocument.Parse(File.ReadAllText(Path.Combine(NodePrograms.Folder, "package.json"))).RootElement.GetProperty("dependencies");

        foreach (var package in packages.EnumerateObject())
        {
            yield return $"{package.Name} {package.Value.GetString()}";
        }
    }

    private static string FirstLine(string path, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true })!;
        var line = process.StandardOutput.ReadLine() ?? string.Empty;
        process.WaitForExit();

        // "Redis server v=7.0.15 sha=…", "psql (PostgreSQL) 15.18 (Debian …)" and "wrk debian/4.1.0-3+b2 [epoll] Copyright …" are cut to what matters.
        return line.Split(" sha=")[0].Split(" (Debian")[0].Split(" [")[0];
    }
}
