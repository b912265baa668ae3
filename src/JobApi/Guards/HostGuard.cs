using JobApi.Refusals;
using Microsoft.Extensions.Primitives;

namespace JobApi.Guards;

/// <summary>
/// Answers only to its own names, so that a web page cannot reach a server on this machine by pointing a name of its own at
/// 127.0.0.1 (DNS rebinding). The setting is ASP.NET Core's own <c>AllowedHosts</c>; its filter would answer without a problem body.
/// </summary>
internal sealed class HostGuard(RequestDelegate next, IConfiguration configuration)
{
    public const string Setting = "AllowedHosts";
    public const string Loopback = "localhost;127.0.0.1;[::1]";

    private readonly List<StringSegment> _allowed =
    [
        .. (configuration[Setting] ?? Loopback)
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(host => new StringSegment(host)),
    ];

    // The last name that was allowed: nearly every request says the same one.
    private string? _known;

    public Task InvokeAsync(HttpContext context)
    {
        var host = context.Request.Host;

        return host.HasValue && IsAllowed(host)
            ? next(context)
            : Problems.UnknownHost(host.Host).ExecuteAsync(context);
    }

    private bool IsAllowed(HostString host)
    {
        if (host.Value == Volatile.Read(ref _known))
        {
            return true;
        }

        if (!_allowed.Contains("*") && !HostString.MatchesAny(host.Host, _allowed))
        {
            return false;
        }

        Volatile.Write(ref _known, host.Value);
        return true;
    }
}
