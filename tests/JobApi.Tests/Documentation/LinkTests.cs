using System.Text.RegularExpressions;
using JobApi.Tests.Architecture;

namespace JobApi.Tests.Documentation;

/// <summary>A link from one page of the repository to another leads somewhere.</summary>
public sealed partial class LinkTests
{
    [Fact]
    public void Every_relative_link_leads_to_a_file() =>
        Assert.Empty(SourceTree.Files(".", "*.md").SelectMany(page => DeadLinks(page, File.ReadAllText(SourceTree.At(page)))));

    [Fact]
    public void Every_page_of_the_documentation_is_linked_from_the_index_of_its_folder()
    {
        foreach (var page in SourceTree.Files("docs", "*.md").Where(page => Path.GetFileName(page) != "README.md"))
        {
            var index = File.ReadAllText(SourceTree.At($"{Path.GetDirectoryName(page)}/README.md"));

            Assert.Contains($"({Path.GetFileName(page)})", index, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("[here](docs/README.md)", 0)]
    [InlineData("[here](docs/README.md#contents) and [there](https://example.com/missing)", 0)]
    [InlineData("[here](docs/no-such-page.md)", 1)]
    public void A_dead_link_is_caught(string markdown, int dead) => Assert.Equal(dead, DeadLinks("README.md", markdown).Count());

    private static IEnumerable<string> DeadLinks(string page, string markdown) =>
        from link in Link().Matches(markdown)
        let target = link.Groups["target"].Value.Split('#')[0]
        where target.Length > 0 && !target.Contains(':', StringComparison.Ordinal)
        where !Path.Exists(Path.Combine(SourceTree.Root, Path.GetDirectoryName(page)!, target))
        select $"{page} -> {target}";

    [GeneratedRegex(@"\[[^\]]*\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
