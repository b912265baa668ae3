using System.Text.RegularExpressions;
using JobApi.Tests.Architecture;

namespace JobApi.Tests.Documentation;

/// <summary>A link from one page of the repository to another leads somewhere, and to a heading or anchor that is there.</summary>
public sealed partial class LinkTests
{
    [Fact]
    public void Every_relative_link_leads_to_a_file_and_to_a_place_in_it() =>
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
    [InlineData("[here](docs/README.md#documentation) and [there](https://example.com/missing#nowhere)", 0)]
    [InlineData("[here](docs/no-such-page.md)", 1)]
    [InlineData("[here](docs/README.md#no-such-heading)", 1)]
    [InlineData("[here](#below) and [there](#above)\n## Below", 1)]
    [InlineData("[a line of code](tests/Directory.Build.props#L1)", 0)]
    public void A_dead_link_is_caught(string markdown, int dead) => Assert.Equal(dead, DeadLinks("README.md", markdown).Count());

    [Theory]
    [InlineData("## Where jobs are kept", "where-jobs-are-kept")]
    [InlineData("# POST with `Prefer: wait`, 1 connection #", "post-with-prefer-wait-1-connection")]
    [InlineData("### From [the textbook's](x.md) *worker_pool* - 2", "from-the-textbooks-worker_pool---2")]
    [InlineData("# Twice\n# Twice\n# Twice", "twice", "twice-1", "twice-2")]
    [InlineData("```bash\n# no heading\n```\n#none\n<a id=\"own\"></a>Here", "own")]
    public void Headings_have_the_anchors_that_GitHub_gives_them(string markdown, params string[] anchors) =>
        Assert.Equal(anchors.Order(), Anchors.Of(markdown).Order());

    private static IEnumerable<string> DeadLinks(string page, string markdown) =>
        from link in Link().Matches(markdown)
        let target = link.Groups["target"].Value
        where !target.Contains(':', StringComparison.Ordinal) && !IsThere(page, markdown, target)
        select $"{page} -> {target}";

    private static bool IsThere(string page, string markdown, string target)
    {
        var (path, anchor) = target.Split('#', 2) is [var before, var after] ? (before, after) : (target, null);
        var file = Path.Combine(SourceTree.Root, Path.GetDirectoryName(page)!, path);

        if (path.Length > 0 && !Path.Exists(file))
        {
            return false;
        }

        // Places in files that are no pages, such as a line of code, are another matter.
        return anchor is null
            || (path.Length == 0 ? Anchors.Of(markdown).Contains(anchor) : !path.EndsWith(".md", StringComparison.Ordinal) || Anchors.Of(File.ReadAllText(file)).Contains(anchor));
    }

    [GeneratedRegex(@"\[[^\]]*\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
