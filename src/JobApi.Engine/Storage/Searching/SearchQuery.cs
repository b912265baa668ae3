namespace JobApi.Engine.Storage.Searching;

/// <summary>
/// What somebody looks for: terms that must all occur. A term is what stands between spaces, or between quotes; its words must stand side by side, so that
/// an address or an id is found as a whole. <c>*</c> behind it lets its last word go on.
/// </summary>
public sealed record SearchQuery
{
    /// <summary>The longest text to ask for, in characters.</summary>
    public const int MaxLength = 256;

    /// <summary>The most words in it.</summary>
    public const int MaxWords = 16;

    /// <summary>The fewest letters before a <c>*</c>.</summary>
    public const int MinPrefix = 2;

    private SearchQuery(IReadOnlyList<SearchTerm> terms) => Terms = terms;

    /// <summary>What must occur; at least one.</summary>
    public IReadOnlyList<SearchTerm> Terms { get; }

    /// <summary>Reads what somebody wrote. No text is a mistake of syntax; it can be too long, or say nothing.</summary>
    /// <param name="text">As it was written.</param>
    /// <param name="query">What is looked for; null when the text is refused.</param>
    /// <returns>Why the text is refused; null when it is not.</returns>
    public static string? Read(string text, out SearchQuery? query)
    {
        ArgumentNullException.ThrowIfNull(text);
        query = null;

        if (text.Length > MaxLength)
        {
            return $"This is text of at most {MaxLength} characters.";
        }

        var terms = Split(text).Select(SearchTerm.Of).OfType<SearchTerm>().Distinct().ToList();

        if (terms.Count == 0)
        {
            return "There is no word in it: a word has letters or digits.";
        }

        if (terms.Sum(term => term.Words.Count(letter => letter == ' ') + 1) > MaxWords)
        {
            return $"These are more than {MaxWords} words.";
        }

        if (terms.Any(term => term.IsPrefix && term.Words.Length - (term.Words.LastIndexOf(' ') + 1) < MinPrefix))
        {
            return $"A * stands behind at least {MinPrefix} letters or digits.";
        }

        query = new SearchQuery(terms);
        return null;
    }

    /// <summary>Whether all of it occurs in the words of a job, as <see cref="SearchText"/> gives them.</summary>
    public bool Matches(string words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return Terms.All(term => words.Contains(term.IsPrefix ? $" {term.Words}" : $" {term.Words} ", StringComparison.Ordinal));
    }

    /// <summary>The same wording for everything that means the same.</summary>
    public override string ToString() => string.Join(' ', Terms.Select(term => $"\"{term.Words}\"{(term.IsPrefix ? "*" : string.Empty)}"));

    /// <summary>At spaces, but not within quotes; a quote that is never closed ends with the text.</summary>
    private static IEnumerable<string> Split(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var isQuoted = text[at] == '"';
            var end = at + 1;

            while (end < text.Length && (isQuoted ? text[end] != '"' : !char.IsWhiteSpace(text[end]) && text[end] != '"'))
            {
                end++;
            }

            if (isQuoted && end < text.Length)
            {
                end += end + 1 < text.Length && text[end + 1] == '*' ? 2 : 1;
            }

            yield return text[at..end];
            at = end;
        }
    }
}

/// <summary>Words that must stand side by side.</summary>
/// <param name="Words">As they are searched, one space between them.</param>
/// <param name="IsPrefix">Whether the last of them may go on.</param>
public sealed record SearchTerm(string Words, bool IsPrefix)
{
    /// <summary>Null when there is no word in it.</summary>
    internal static SearchTerm? Of(string text)
    {
        var writer = new WordWriter();
        writer.Add(text);

        return writer.ToString().Trim(' ') is { Length: > 0 } words ? new SearchTerm(words, text.EndsWith('*')) : null;
    }
}
