using System.Globalization;
using System.Reflection;
using JobApi.Engine.Execution;
using JobApi.Refusals;

namespace JobApi.Requests;

/// <summary>How long the caller is willing to wait for an end: <c>?wait=SECONDS</c> or the header <c>Prefer: wait=SECONDS</c> (RFC 7240).</summary>
internal sealed class WaitPreference : IBoundRequest
{
    /// <summary>Longer wishes are cut to this; proxies give up on longer ones anyway.</summary>
    public const int MaxSeconds = 60;

    private static readonly WaitPreference None = new();

    /// <summary>Zero when the caller does not wait.</summary>
    public TimeSpan AtMost { get; private init; }

    /// <summary>What to answer as <c>Preference-Applied</c>; null when the wish did not come as a preference.</summary>
    public string? Applied { get; private init; }

    public Problem? Problem { get; private init; }

    public static ValueTask<WaitPreference?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<WaitPreference?>(Read(context.Request));

    private static WaitPreference Read(HttpRequest request)
    {
        if (request.QueryString.HasValue && request.Query.TryGetValue("wait", out var query))
        {
            return query is [var text] && Seconds(text) is { } seconds
                ? new WaitPreference { AtMost = TimeSpan.FromSeconds(seconds) }
                : new WaitPreference
                {
                    Problem = Problems.InvalidRequest(
                        new PayloadError("?wait", $"This is a number of seconds from 0; more than {MaxSeconds} counts as {MaxSeconds}.")),
                };
        }

        // A preference that cannot be understood is not an error: it is not applied.
        foreach (var header in request.Headers["Prefer"])
        {
            foreach (var preference in (header ?? string.Empty).Split(','))
            {
                if (preference.Split(';')[0].Split('=', 2) is [var name, var value]
                    && name.Trim().Equals("wait", StringComparison.OrdinalIgnoreCase)
                    && Seconds(value.Trim().Trim('"')) is { } seconds)
                {
                    return new WaitPreference
                    {
                        AtMost = TimeSpan.FromSeconds(seconds),
                        Applied = string.Create(CultureInfo.InvariantCulture, $"wait={seconds}"),
                    };
                }
            }
        }

        return None;
    }

    private static double? Seconds(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds)
            ? Math.Min(seconds, MaxSeconds)
            : null;
}
