using System.Collections.Frozen;

namespace JobApi.Jobs.Safety;

/// <summary>A request to send. A value, so that redirects and the quick retry can make the message anew.</summary>
/// <param name="Method">The method.</param>
/// <param name="Url">Where to; http or https.</param>
public sealed record OutboundRequest(HttpMethod Method, Uri Url)
{
    private const string UserAgent = "User-Agent";

    /// <summary>Headers by name, those of the body included.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The body; none when absent.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    internal static bool DescribesBody(string header) => header.StartsWith("Content-", StringComparison.OrdinalIgnoreCase);

    internal HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(Method, Url);

        if (Body is { } body)
        {
            message.Content = new ReadOnlyMemoryContent(body);
        }

        foreach (var (name, value) in Headers)
        {
            _ = DescribesBody(name) ? message.Content?.Headers.TryAddWithoutValidation(name, value) : message.Headers.TryAddWithoutValidation(name, value);
        }

        if (!message.Headers.Contains(UserAgent))
        {
            message.Headers.TryAddWithoutValidation(UserAgent, "JobApi");
        }

        return message;
    }
}
