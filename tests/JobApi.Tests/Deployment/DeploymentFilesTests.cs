using JobApi.Tests.Architecture;

namespace JobApi.Tests.Deployment;

/// <summary>The image and its compose file are right as far as can be told without a Docker engine.</summary>
public sealed class DeploymentFilesTests
{
    private static readonly string Dockerfile = SourceTree.At("src/JobApi/Dockerfile");
    private static readonly string Compose = SourceTree.At("docker-compose.yml");

    [LintFact]
    public async Task The_Dockerfile_and_the_compose_file_have_no_problems() =>
        Assert.Empty(await DeploymentLint.ProblemsAsync(Dockerfile, Compose));

    [LintTheory]
    [InlineData("dotnet/aspnet:10.0 AS final", "dotnet/aspnet AS final", "has no version")]
    [InlineData("USER $APP_UID", "USER root", "runs as root")]
    [InlineData("COPY --from=build", "COPY --from=bild", "names no stage")]
    [InlineData("RUN --mount", "RUNN --mount", "Unknown instruction")]
    [InlineData("ENTRYPOINT [\"dotnet\", \"JobApi.dll\"]", "ENTRYPOINT dotnet JobApi.dll", "swallows SIGTERM")]
    [InlineData("HEALTHCHECK", "# HEALTHCHECK", "healthy")]
    public Task A_broken_Dockerfile_is_caught(string text, string replacement, string problem) =>
        AssertCaughtAsync(Dockerfile, text, replacement, problem, broken => DeploymentLint.ProblemsAsync(broken, Compose));

    [LintTheory]
    [InlineData("stop_grace_period:", "stop_grace:", "must NOT have additional properties")]
    [InlineData("read_only: true", "read_only: {}", "/services/api/read_only")]
    [InlineData("\"127.0.0.1:5080:8080\"", "\"5080:8080\"", "to the whole network")]
    [InlineData("dockerfile: src/JobApi/Dockerfile", "dockerfile: Dockerfile", "does not exist")]
    [InlineData("- data:/data", "- date:/data", "not declared")]
    public Task A_broken_compose_file_is_caught(string text, string replacement, string problem) =>
        AssertCaughtAsync(Compose, text, replacement, problem, broken => DeploymentLint.ProblemsAsync(Dockerfile, broken));

    private static async Task AssertCaughtAsync(string path, string text, string replacement, string problem, Func<string, Task<string>> lintAsync)
    {
        var original = await File.ReadAllTextAsync(path);
        Assert.Contains(text, original, StringComparison.Ordinal);

        var folder = Directory.CreateTempSubdirectory("jobapi-lint-");
        try
        {
            // The compose file's build context is relative to itself.
            Directory.CreateDirectory(Path.Combine(folder.FullName, "src/JobApi"));
            File.Copy(Dockerfile, Path.Combine(folder.FullName, "src/JobApi/Dockerfile"));
            var broken = Path.Combine(folder.FullName, "broken");
            await File.WriteAllTextAsync(broken, original.Replace(text, replacement, StringComparison.Ordinal));

            Assert.Contains(problem, await lintAsync(broken), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed class LintFactAttribute : FactAttribute
    {
        public LintFactAttribute() => Skip = DeploymentLint.WhyMissing();
    }

    private sealed class LintTheoryAttribute : TheoryAttribute
    {
        public LintTheoryAttribute() => Skip = DeploymentLint.WhyMissing();
    }
}
