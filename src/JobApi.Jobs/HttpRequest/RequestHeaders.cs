using System.Buffers;
using System.Collections.Frozen;
using FluentValidation.Results;
using JobApi.Jobs.Safety;
using JobApi.Jobs.Validation;

namespace JobApi.Jobs.HttpRequest;

/// <summary>Which headers a caller may set.</summary>
internal static class RequestHeaders
{
    private const int MaxCount = 64;
    private const int MaxCharacters = 16_384;

    /// <summary>Belong to the connection (RFC 9110, section 7.6.1) or say where and how much: set by a caller they would contradict what is sent.</summary>
    private static readonly FrozenSet<string> Forbidden = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Host", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection",
        "TE", "Trailer", "Upgrade", "Expect", "Accept-Encoding");

    /// <summary>The characters of a token (RFC 9110, section 5.6.2).</summary>
    private static readonly SearchValues<char> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    public static IEnumerable<ValidationFailure> Check(HttpRequestPayload payload)
    {
        var headers = payload.Headers ?? FrozenDictionary<string, string>.Empty;
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

        if (headers.Count > MaxCount || headers.Sum(header => header.Key.Length + (header.Value?.Length ?? 0)) > MaxCharacters)
        {
            return [new ValidationFailure("/headers", $"At most {MaxCount} headers with {MaxCharacters:N0} characters in all.")];
        }

        return from header in headers
               let problem = !seen.Add(header.Key) ? "This header is given twice." : Problem(header.Key, header.Value, hasBody: payload.Body is not null)
               where problem is not null
               select new ValidationFailure("/headers/" + JsonPointer.Escape(header.Key), problem);
    }

    private static string? Problem(string name, string? value, bool hasBody) => name switch
    {
        _ when name.Length == 0 || name.AsSpan().ContainsAnyExcept(Token) => "This is not the name of a header.",
        _ when Forbidden.Contains(name) => "This header is set by the server itself.",
        _ when value is null => "A header has a text for a value.",
        _ when value.Any(c => c is not ('\t' or (>= ' ' and <= '~'))) => "A value holds visible ASCII characters, spaces and tabs only.",
        _ when OutboundRequest.DescribesBody(name) && !hasBody => "This header describes a body, and there is none.",
        _ => null,
    };
}
