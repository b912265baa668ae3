using System.Diagnostics;
using JobApi.Testing;
using JobApi.Tests.Architecture;
using JobApi.Tests.Support;

namespace JobApi.Tests.OpenApi;

/// <summary>
/// The API description as it is served, before a linter from elsewhere: Spectral with its own rules and with those of the OWASP API Security Top 10.
/// Its packages are installed by <c>npm ci</c> in the folder <c>lint</c>, where the ruleset says which rules do not apply, and why.
/// </summary>
public sealed class SpectralTests(ApiFactory server) : IClassFixture<ApiFactory>
{
    private static readonly string Folder = SourceTree.At("tests/JobApi.Tests/OpenApi/lint");
    private static readonly string Spectral = Path.Combine(Folder, "node_modules", "@stoplight", "spectral-cli", "dist", "index.js");

    [SpectralFact]
    public async Task The_linter_finds_no_error_in_the_served_description() =>
        Assert.Equal(string.Empty, await ErrorsAsync((await server.Api.GetAsync("/swagger/v1/swagger.json")).Body));

    [SpectralFact]
    public async Task The_linter_finds_a_text_without_a_bound()
    {
        var document = (await server.Api.GetAsync("/swagger/v1/swagger.json")).Body;

        var errors = await ErrorsAsync(document.Replace("\"maxLength\": 500,", string.Empty, StringComparison.Ordinal));

        Assert.Contains("owasp:api4:2023-string-limit", errors, StringComparison.Ordinal);
    }

    /// <summary>What the linter calls an error, one a line; empty if there is none.</summary>
    private static async Task<string> ErrorsAsync(string document)
    {
        var file = Path.Combine(Path.GetTempPath(), $"jobapi-openapi-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, document);

        try
        {
            using var node = Process.Start(new ProcessStartInfo(Tool.Find("node")!, [Spectral, "lint", file, "--ruleset", "ruleset.yaml", "--format", "text", "--display-only-failures", "--quiet"])
            {
                WorkingDirectory = Folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;

            var complaints = node.StandardError.ReadToEndAsync();
            var errors = await node.StandardOutput.ReadToEndAsync();
            await node.WaitForExitAsync();

            // A linter that dies has not found the description in order.
            return node.ExitCode is 0 or 1 && (await complaints).Length == 0 ? errors.Trim() : throw new InvalidOperationException(await complaints + errors);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private sealed class SpectralFactAttribute : FactAttribute
    {
        public SpectralFactAttribute() => Skip =
            Directory.Exists(Path.Combine(Folder, "node_modules")) || Environment.GetEnvironmentVariable("CI") == "true"
                ? Tool.WhyMissing("node")
                : "Needs `npm ci` in tests/JobApi.Tests/OpenApi/lint; .ci/run does it.";
    }
}
