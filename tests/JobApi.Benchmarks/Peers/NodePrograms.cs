using System.Diagnostics;
using System.Text.Json;
using JobApi.Testing;

namespace JobApi.Benchmarks.Peers;

/// <summary>The peers written for Node.js, in <c>Peers/Node</c>. Their packages are fetched when they are first needed, and when other versions are wanted than are here.</summary>
internal static class NodePrograms
{
    private const string PackageFile = "package.json";

    public static string Folder { get; } = Path.Combine(ServerProcess.Repository, "tests", "JobApi.Benchmarks", "Peers", "Node");

    /// <exception cref="MissingException">Node.js or its packages are not to be had.</exception>
    public static async Task<ProcessStartInfo> CommandAsync(string script)
    {
        var node = Tool.Find("node") ?? throw new MissingException("Node.js is not installed");

        if (!HasPackages())
        {
            await FetchPackagesAsync();
        }

        return new ProcessStartInfo(node, [Path.Combine(Folder, script)]) { Environment = { ["NODE_ENV"] = "production" } };
    }

    /// <summary>Whether every package that <c>package.json</c> names is installed, in the version it names.</summary>
    private static bool HasPackages()
    {
        using var wanted = Package(Folder);
        return wanted.RootElement.GetProperty("dependencies").EnumerateObject().All(package =>
            InstalledVersion(package.Name) == package.Value.GetString());
    }

    private static string? InstalledVersion(string package)
    {
        var folder = Path.Combine(Folder, "node_modules", package);

        if (!File.Exists(Path.Combine(folder, PackageFile)))
        {
            return null;
        }

        using var installed = Package(folder);
        return installed.RootElement.GetProperty("version").GetString();
    }

    private static JsonDocument Package(string folder) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, PackageFile)));

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
