using System.Diagnostics;
using JobApi.Testing;
using JobApi.Tests.Architecture;

namespace JobApi.Tests.Deployment;

/// <summary>
/// The linter of the Dockerfile (its parser and rules come from the npm registry) and of docker-compose.yml (checked against the schema
/// of the compose specification). Its packages are installed by <c>npm ci</c> in the folder <c>lint</c>.
/// </summary>
internal static class DeploymentLint
{
    private static readonly string Folder = SourceTree.At("tests/JobApi.Tests/Deployment/lint");

    /// <summary>What a test that uses the linter lacks; null if nothing, and always null under CI.</summary>
    public static string? WhyMissing() =>
        Directory.Exists(Path.Combine(Folder, "node_modules")) || Environment.GetEnvironmentVariable("CI") == "true"
            ? Tool.WhyMissing("node")
            : "Needs `npm ci` in tests/JobApi.Tests/Deployment/lint; .ci/run does it.";

    /// <summary>The problems the linter sees, one a line; empty if there are none.</summary>
    public static async Task<string> ProblemsAsync(string dockerfile, string compose)
    {
        using var node = Process.Start(new ProcessStartInfo(Tool.Find("node")!, ["lint.mjs", dockerfile, compose])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

        var errors = node.StandardError.ReadToEndAsync();
        var problems = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();

        // A linter that dies has not found the files in order.
        return node.ExitCode is 0 or 1 && (await errors).Length == 0 ? problems : throw new InvalidOperationException(await errors);
    }
}
