using System.Diagnostics;
using JobApi.Testing;

namespace JobApi.Benchmarks.Peers;

/// <summary>The peers written for Node.js, in <c>Peers/Node</c>. Their packages are fetched when they are first needed.</summary>
internal static class NodePrograms
{
    public static string Folder { get; } = Path.Combine(ServerProcess.Repository, "tests", "JobApi.Benchmarks", "Peers", "Node");

    /// <exception cref="MissingException">Node.js or its packages are not to be had.</exception>
    public static async Task<ProcessStartInfo> CommandAsync(string script)
    {
        var node = Tool.Find("node") ?? throw new MissingException("Node.js is not installed");

        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
        {
            await FetchPackagesAsync();
        }

        return new ProcessStartInfo(node, [Path.Combine(Folder, script)]) { Environment = { ["NODE_ENV"] = "production" } };
    }

    private static async Task FetchPackagesAsync()
    {
        var npm = Tool.Find("npm") ?? throw new MissingException("npm is not installed");
        using var process = Process.Start(new ProcessStartInfo(npm, ["ci", "--ignore-scripts", "--loglevel", "error"])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
        })!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        if (process.ExitCode != 0)
        {
            throw new MissingException($"the packages of the Node.js peers could not be fetched (npm ci, exit code {process.ExitCode})");
        }
    }
}
