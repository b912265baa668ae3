using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using JobApi.Testing;
using JobApi.Tests.Architecture;

namespace JobApi.Tests.Deployment;

/// <summary>The image's health check is a line of shell: it runs here as it stands in the Dockerfile, but for the port.</summary>
public sealed partial class HealthCheckTests
{
    [ToolFact("bash")]
    public async Task A_server_that_lives_is_healthy()
    {
        await using var server = await ServerProcess.StartAsync();

        Assert.Equal(0, await CheckAsync(server.Address.Port, "/health/live"));
    }

    [ToolFact("bash")]
    public async Task A_server_that_answers_with_an_error_is_not()
    {
        await using var server = await ServerProcess.StartAsync();

        Assert.NotEqual(0, await CheckAsync(server.Address.Port, "/no-such-page"));
    }

    [ToolFact("bash")]
    public async Task A_server_that_is_gone_is_not()
    {
        var server = await ServerProcess.StartAsync();
        var port = server.Address.Port;
        await server.DisposeAsync();

        Assert.NotEqual(0, await CheckAsync(port, "/health/live"));
    }

    private static async Task<int> CheckAsync(int port, string path)
    {
        var dockerfile = await File.ReadAllTextAsync(SourceTree.At("src/JobApi/Dockerfile"));
        var command = JsonSerializer.Deserialize<string[]>(HealthCheck().Match(dockerfile).Groups["command"].Value)!
            .Select(word => word.Replace("8080", $"{port}", StringComparison.Ordinal).Replace("/health/live", path, StringComparison.Ordinal)).ToList();

        using var check = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
        await check.WaitForExitAsync();
        return check.ExitCode;
    }

    [GeneratedRegex(@"^HEALTHCHECK [^\n]*\\\n\s+CMD (?<command>\[.*\])$", RegexOptions.Multiline)]
    private static partial Regex HealthCheck();
}
