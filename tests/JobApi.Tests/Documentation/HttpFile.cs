using System.Text.RegularExpressions;

namespace JobApi.Tests.Documentation;

/// <summary>One request of an <c>.http</c> file.</summary>
/// <param name="Title">What follows <c>###</c>.</param>
/// <param name="Name">From <c># @name</c>: later requests refer to its answer by it.</param>
/// <param name="Statuses">From <c># -&gt; 202</c> (or <c># -&gt; 200 or 202</c>): what the server answers.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Url">The address, with variables.</param>
/// <param name="Headers">With variables.</param>
/// <param name="Body">With variables; empty if there is none.</param>
/// <param name="BodyFile">From <c>&lt; ./photo.jpg</c>, instead of a body.</param>
internal sealed record HttpExample(
    string Title,
    string? Name,
    IReadOnlyList<int> Statuses,
    string Method,
    string Url,
    IReadOnlyDictionary<string, string> Headers,
    string Body,
    string? BodyFile);

/// <summary>
/// The dialect of <c>.http</c> files that both Visual Studio and the REST Client of VS Code read: <c>@variable = value</c>, requests
/// parted by <c>###</c>, named by <c># @name</c>, comments by <c>#</c> or <c>//</c>.
/// </summary>
internal sealed partial record HttpFile(IReadOnlyDictionary<string, string> Variables, IReadOnlyList<HttpExample> Examples)
{
    public static HttpFile Parse(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var variables = lines.Select(line => Variable().Match(line)).Where(match => match.Success)
            .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value.Trim());

        var starts = Enumerable.Range(0, lines.Length).Where(i => lines[i].StartsWith("###", StringComparison.Ordinal)).Append(lines.Length).ToList();
        var examples = starts.Zip(starts.Skip(1), (from, to) => ParseExample(lines[from].TrimStart('#').Trim(), [.. lines[(from + 1)..to]]));

        return new(variables, [.. examples]);
    }

    private static HttpExample ParseExample(string title, List<string> lines)
    {
        var head = lines.TakeWhile(line => !RequestLine().IsMatch(line)).ToList();
        var rest = lines.Skip(head.Count).ToList();
        if (rest.Count == 0)
        {
            throw new FormatException($"'{title}' has no request line.");
        }

        var request = RequestLine().Match(rest[0]);
        var headers = rest.Skip(1).TakeWhile(line => line.Trim().Length > 0).Select(line => line.Split(':', 2)).ToList();
        var body = string.Join('\n', rest.Skip(2 + headers.Count)).Trim();

        return new(
            title,
            head.Select(line => NameLine().Match(line)).FirstOrDefault(match => match.Success)?.Groups["name"].Value,
            [.. head.Select(line => StatusLine().Match(line)).Where(match => match.Success).SelectMany(match => Number().Matches(match.Value)).Select(number => int.Parse(number.Value, null))],
            request.Groups["method"].Value,
            request.Groups["url"].Value,
            headers.ToDictionary(header => header[0].Trim(), header => header[1].Trim(), StringComparer.OrdinalIgnoreCase),
            body.StartsWith("< ", StringComparison.Ordinal) ? string.Empty : body,
            body.StartsWith("< ", StringComparison.Ordinal) ? body[2..].Trim() : null);
    }

    [GeneratedRegex(@"^@(?<name>\w+)\s*=\s*(?<value>.*)$")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^(?<method>GET|HEAD|POST|PUT|PATCH|DELETE) (?<url>\S+)\s*$")]
    private static partial Regex RequestLine();

    [GeneratedRegex(@"^(#|//)\s*@name\s+(?<name>\w+)\s*$")]
    private static partial Regex NameLine();

    [GeneratedRegex(@"^# -> \d{3}( or \d{3})*$")]
    private static partial Regex StatusLine();

    [GeneratedRegex(@"\d{3}")]
    private static partial Regex Number();
}
