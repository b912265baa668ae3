using System.Collections.Frozen;
using System.Net;
using JobApi.Engine.Execution;

namespace JobApi.Jobs.Safety;

/// <summary>What a redirect asks for: the request to send next, or why it is not sent. Both null: the response is final.</summary>
internal readonly record struct Redirect(OutboundRequest? Next, Failure? Refused)
{
    /// <summary>Headers that tell nothing about the caller; only they go along to another origin. <c>X-Api-Key</c> is as secret as <c>Authorization</c>.</summary>
    private static readonly FrozenSet<string> Harmless = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "Accept", "Accept-Language", "Content-Type", "Content-Language", "Content-Encoding", "User-Agent");

    /// <summary>Reads a response by the rules of RFC 9110, section 15.4.</summary>
    public static Redirect Read(OutboundRequest request, HttpStatusCode status, Uri? location)
    {
        if (location is null || status is not (HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
        {
            return default;
        }

        if (!Uri.TryCreate(request.Url, location, out var url) || !Urls.AreSendable(url))
        {
            return Refuse($"{request.Url.Host} redirects to something that is not a plain http or https address.");
        }

        if (request.Url.Scheme == Uri.UriSchemeHttps && url.Scheme == Uri.UriSchemeHttp)
        {
            return Refuse($"{request.Url.Host} redirects from https to http.");
        }

        var next = ChangesToGet(request.Method, status) ? WithoutBody(request) : request;
        return new Redirect((SameOrigin(request.Url, url) ? next : next with { Headers = Keep(next, Harmless.Contains) }) with { Url = url }, null);
    }

    private static bool ChangesToGet(HttpMethod method, HttpStatusCode status) => status switch
    {
        HttpStatusCode.Moved or HttpStatusCode.Found => method == HttpMethod.Post,
        HttpStatusCode.SeeOther => method != HttpMethod.Get && method != HttpMethod.Head,
        _ => false,
    };

    private static OutboundRequest WithoutBody(OutboundRequest request) =>
        request with { Method = HttpMethod.Get, Body = null, Headers = Keep(request, header => !OutboundRequest.DescribesBody(header)) };

    private static Dictionary<string, string> Keep(OutboundRequest request, Func<string, bool> keep) =>
        request.Headers.Where(header => keep(header.Key)).ToDictionary(StringComparer.OrdinalIgnoreCase);

    private static bool SameOrigin(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port && string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static Redirect Refuse(string detail) => new(null, Failure.Permanent(detail, "redirect-refused", "The redirect is not followed"));
}
