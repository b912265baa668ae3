using System.Text.RegularExpressions;

namespace JobApi.Tests.Documentation;

/// <summary>The places of a page that a link can name, as GitHub makes them.</summary>
internal static partial class Anchors
{
    /// <summary>One for each heading, and those that the page gives itself as <c>id</c> or <c>name</c> of an <c>a</c>.</summary>
    public static IReadOnlySet<string> Of(string markdown)
    {
        var prose = Fence().Replace(markdown.ReplaceLineEndings("\n"), string.Empty);
        var anchors = Own().Matches(prose).Select(own => own.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);

        foreach (var slug in Heading().Matches(prose).Select(heading => Slug(heading.Groups["text"].Value)))
        {
            // The second heading of a name gets a number, and so do those after it.
            for (var (number, anchor) = (1, slug); !anchors.Add(anchor); number++)
            {
                anchor = $"{slug}-{number}";
            }
        }

        return anchors;
    }

    /// <summary>Lower case, spaces as hyphens, and of everything else only letters, digits, hyphens and underscores; of a link its text.</summary>
    private static string Slug(string heading) =>
        Dropped().Replace(Link().Replace(heading, "${text}").ToLowerInvariant(), string.Empty).Replace(' ', '-');

    [GeneratedRegex(@"^(?<fence>```+|~~~+).*?^\k<fence>[ \t]*$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^ {0,3}#{1,6}[ \t]+(?<text>.*?)[ \t]*(?:[ \t]#+[ \t]*)?$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("<a (?:id|name)=\"(?<name>[^\"]+)\"")]
    private static partial Regex Own();

    [GeneratedRegex(@"\[(?<text>[^\]]*)\]\([^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\p{L}\p{M}\p{N}\p{Pc} -]")]
    private static partial Regex Dropped();
}
