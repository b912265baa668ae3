using System.Text.RegularExpressions;

namespace JobApi.Tests.Documentation;

/// <summary>One step of the quick start: what the reader types, and what the page says comes back.</summary>
/// <param name="Commands">A <c>bash</c> block, as printed.</param>
/// <param name="Answer">The block of another language that follows it; null if the page shows none. An ellipsis stands for anything on its line.</param>
internal sealed record QuickStartStep(string Commands, string? Answer)
{
    /// <summary>Whether what came back is what the page says, line by line.</summary>
    public bool IsAnsweredBy(string output) =>
        Answer is null || Regex.IsMatch(output.Trim(), $"^{Regex.Escape(Answer.Trim()).Replace("…", "[^\n]*", StringComparison.Ordinal)}$");
}

/// <summary>The runnable parts of the README.</summary>
internal static partial class QuickStart
{
    /// <summary>Every <c>bash</c> block of a Markdown text with the answer that follows it.</summary>
    public static IReadOnlyList<QuickStartStep> Read(string markdown)
    {
        var blocks = Fence().Matches(markdown.ReplaceLineEndings("\n"));

        return
        [
            .. blocks.Select((block, i) => (block, next: i + 1 < blocks.Count ? blocks[i + 1] : null))
                .Where(pair => Language(pair.block) == "bash")
                .Select(pair => new QuickStartStep(Content(pair.block), pair.next is { } next && Language(next) is ("json" or "text") ? Content(next) : null)),
        ];
    }

    /// <summary>The text of a section, up to the next heading of its level.</summary>
    public static string Section(string markdown, string heading)
    {
        var start = markdown.IndexOf($"\n## {heading}\n", StringComparison.Ordinal);
        var end = markdown.IndexOf("\n## ", start + 1, StringComparison.Ordinal);

        return start < 0 ? throw new InvalidOperationException($"The README has no section '{heading}'.") : markdown[start..(end < 0 ? markdown.Length : end)];
    }

    private static string Language(Match block) => block.Groups["language"].Value;

    private static string Content(Match block) => block.Groups["content"].Value;

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<content>.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
