using JobApi.Refusals;

namespace JobApi.Requests;

/// <summary>Bodies are taken as they are: a compressed one would have to be bounded after its expansion, and files are stored as sent.</summary>
internal static class Encodings
{
    public static Problem? Refuse(HttpRequest request) =>
        request.Headers.ContentEncoding.ToString() is "" or "identity"
            ? null
            : Problems.UnsupportedMediaType("The body must be sent without Content-Encoding.");
}
