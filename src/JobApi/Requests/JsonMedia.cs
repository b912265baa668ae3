using JobApi.Refusals;
using Microsoft.Net.Http.Headers;

namespace JobApi.Requests;

/// <summary>Which media types a body may come in. JSON has to be named: a page's form or plain text cannot be sent to another site's server as JSON.</summary>
internal static class JsonMedia
{
    private const string Plain = "application/json";

    /// <summary>JSON, one value a line.</summary>
    public const string Lines = "application/x-ndjson";

    /// <summary>Why this request has no JSON body that can be read; null when it has.</summary>
    public static Problem? Refuse(HttpRequest request) => Refuse(request, IsJson, "A JSON body is needed, with the header Content-Type: application/json.");

    /// <summary>The same where lines of JSON are taken too.</summary>
    public static Problem? RefuseBulk(HttpRequest request, out bool isLines)
    {
        isLines = request.ContentType != Plain && MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && IsLines(type);

        return Refuse(
            request, type => IsLines(type) || IsJson(type), $"A JSON array or lines of JSON are needed, with the header Content-Type: application/json or {Lines}.");
    }

    private static Problem? Refuse(HttpRequest request, Func<MediaTypeHeaderValue, bool> isTaken, string needed)
    {
        if (Encodings.Refuse(request) is { } problem)
        {
            return problem;
        }

        // What nearly everybody says needs no taking apart.
        if (request.ContentType == Plain)
        {
            return null;
        }

        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !isTaken(type))
        {
            return Problems.UnsupportedMediaType(needed);
        }

        var charset = HeaderUtilities.RemoveQuotes(type.Charset);

        return charset.HasValue && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            ? Problems.UnsupportedMediaType($"JSON is taken in UTF-8 only, not in {charset}.")
            : null;
    }

    private static bool IsLines(MediaTypeHeaderValue type) =>
        type.MediaType.Equals(Lines, StringComparison.OrdinalIgnoreCase) || type.MediaType.Equals("application/ndjson", StringComparison.OrdinalIgnoreCase);

    private static bool IsJson(MediaTypeHeaderValue type) =>
        type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        || (type.Type.Equals("application", StringComparison.OrdinalIgnoreCase) && type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase));
}
