using JobApi.Refusals;
using Microsoft.Extensions.Options;

namespace JobApi.Guards;

/// <summary>
/// Refuses writes that a browser makes on behalf of another site's page. Programs send neither <c>Origin</c> nor
/// <c>Sec-Fetch-Site</c> and are not affected; reads need no guard, because a foreign page cannot see their answers.
/// </summary>
internal sealed class OriginGuard(RequestDelegate next, IOptions<HttpOptions> options)
{
    private readonly HashSet<string> _allowed = new(options.Value.AllowedOrigins.Select(origin => origin.TrimEnd('/')), StringComparer.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;

        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method) || IsOwn(request))
        {
            return next(context);
        }

        var origin = request.Headers.Origin.ToString();
        return Problems.ForeignOrigin(origin.Length is > 0 and <= 200 ? origin : "another site").ExecuteAsync(context);
    }

    private bool IsOwn(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();

        // The browser's own judgement; it also calls another port of the same machine "same-site", which is foreign here.
        var judgedForeign = request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none");

        return origin.Length == 0 ? !judgedForeign : _allowed.Contains(origin) || (!judgedForeign && IsSameAuthority(origin, request.Host));
    }

    /// <summary>The scheme is left out of the comparison: behind a proxy that ends TLS, the browser says https and the server sees http.</summary>
    private static bool IsSameAuthority(string origin, HostString host)
    {
        var authority = origin.IndexOf("://", StringComparison.Ordinal);
        return authority > 0 && origin.AsSpan(authority + 3).Equals(host.Value, StringComparison.OrdinalIgnoreCase);
    }
}
