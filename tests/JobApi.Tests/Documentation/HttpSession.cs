using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace JobApi.Tests.Documentation;

/// <summary>Sends the requests of one <c>.http</c> file in order, as a person who clicks through it, and remembers the named answers.</summary>
/// <param name="client">Talks to the server under test.</param>
/// <param name="file">Its variables.</param>
/// <param name="host">Stands in for the file's <c>@host</c>.</param>
/// <param name="folder">Where the file is, and the bodies it names.</param>
internal sealed partial class HttpSession(HttpClient client, HttpFile file, Uri host, string folder)
{
    private readonly Dictionary<string, JsonNode?> _answers = [];

    /// <summary>Sends one request.</summary>
    /// <returns>The path it asked for, the status, and the body for a failing test's message.</returns>
    public async Task<(string Path, int Status, string Body)> SendAsync(HttpExample example)
    {
        using var request = new HttpRequestMessage(new HttpMethod(example.Method), Resolve(example.Url));
        request.Content = await ContentOfAsync(example);

        foreach (var (name, value) in example.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, Resolve(value)) && request.Content is { } content)
            {
                content.Headers.Remove(name);
                content.Headers.TryAddWithoutValidation(name, Resolve(value));
            }
        }

        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();

        if (example.Name is { } answer)
        {
            _answers[answer] = IsJson(response.Content.Headers.ContentType) ? JsonNode.Parse(body) : null;
        }

        return (request.RequestUri!.AbsolutePath, (int)response.StatusCode, body);
    }

    /// <summary>Fills in the variables of a text, and what earlier answers held.</summary>
    public string Resolve(string text) => Reference().Replace(text, match =>
        match.Groups["variable"] is { Success: true, Value: var variable }
            ? variable == "host" ? host.GetLeftPart(UriPartial.Authority) : Resolve(file.Variables[variable])
            : AnswerOf(match.Groups["request"].Value, match.Groups["path"].Value));

    private async Task<HttpContent?> ContentOfAsync(HttpExample example) => example switch
    {
        { BodyFile: { } path } => new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(folder, path))),
        { Body.Length: > 0 } => new ByteArrayContent(Encoding.UTF8.GetBytes(Resolve(example.Body))),
        _ => null,
    };

    private string AnswerOf(string request, string path)
    {
        var node = _answers.TryGetValue(request, out var answer) ? answer : throw new InvalidOperationException($"No request named '{request}' was sent before.");
        foreach (var step in Step().Matches(path).Select(match => match.Value))
        {
            node = int.TryParse(step, out var index) ? node?[index] : node?[step];
        }

        return node?.ToString() ?? throw new InvalidOperationException($"The answer to '{request}' has no {path}.");
    }

    private static bool IsJson(MediaTypeHeaderValue? type) => type?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true;

    [GeneratedRegex(@"\{\{\s*(?:(?<variable>\w+)|(?<request>\w+)\.response\.body\.\$(?<path>[\w.\[\]]*))\s*\}\}")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Step();
}
