namespace JobApi.Tests.Architecture;

/// <summary>The street: what stands at the top level, and the room names that say nothing.</summary>
public sealed class LayoutTests
{
    private static readonly string[] TopLevel =
    [
        "src", "tests", "docs", "http-requests", ".ci", "JobApi.sln", "global.json", "Directory.Build.props", "Directory.Packages.props", ".editorconfig",
        ".gitignore", ".gitattributes", ".dockerignore", "docker-compose.yml", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE",
    ];

    // What git ignores at the top level: see .gitignore.
    private static readonly string[] Ignored = [".git", "bin", "obj", "out", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts", ".vs", ".idea", "data"];

    private static readonly string[] Vague = ["Abstractions", "Core", "Infrastructure", "Common", "Helpers", "Shared", "Utils", "Misc"];

    [Fact]
    public void The_top_level_holds_only_what_belongs_there() =>
        Assert.Empty(Directory.EnumerateFileSystemEntries(SourceTree.Root).Select(Path.GetFileName).OfType<string>()
            .Where(name => !name.EndsWith(".user", StringComparison.Ordinal)).Except(TopLevel).Except(Ignored));

    [Fact]
    public void No_folder_or_project_has_a_name_that_says_nothing() =>
        Assert.DoesNotContain(SourceTree.Folders("src").Concat(SourceTree.Folders("tests")), IsVague);

    [Theory]
    [InlineData("src/JobApi.Engine/Helpers", true)]
    [InlineData("src/JobApi.Core", true)]
    [InlineData("src/JobApi.Engine/Lifecycle", false)]
    public void A_name_that_says_nothing_is_caught(string folder, bool vague) => Assert.Equal(vague, IsVague(folder));

    [Fact]
    public void Every_project_is_part_of_the_solution()
    {
        var solution = File.ReadAllText(SourceTree.At("JobApi.sln")).Replace('\\', '/');

        Assert.All(SourceTree.Files(".", "*.csproj"), project => Assert.Contains($"\"{project}\"", solution, StringComparison.Ordinal));
    }

    private static bool IsVague(string folder) => Path.GetFileName(folder).Split('.').Intersect(Vague, StringComparer.OrdinalIgnoreCase).Any();
}
