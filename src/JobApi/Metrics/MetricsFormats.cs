using Microsoft.Net.Http.Headers;

namespace JobApi.Metrics;

/// <summary>The forms the metrics come in.</summary>
internal enum MetricsFormat
{
    Json,
    Prometheus,
    OpenMetrics,
}

/// <summary>Chooses a form by the <c>Accept</c> header (RFC 9110, section 12.5.1): the highest weight wins, and among equals the one that is named.</summary>
internal static class MetricsFormats
{
    public const string PrometheusType = "text/plain; version=0.0.4; charset=utf-8";
    public const string OpenMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// <summary>In the order of preference when the caller has none.</summary>
    private static readonly (MetricsFormat Format, string Type)[] Offered =
    [
        (MetricsFormat.Json, "application/json"),
        (MetricsFormat.OpenMetrics, "application/openmetrics-text"),
        (MetricsFormat.Prometheus, "text/plain"),
    ];

    public static MetricsFormat For(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted) || accepted.Count == 0)
        {
            return MetricsFormat.Json;
        }

        // A caller that accepts none of them gets JSON: an answer it may still read beats a refusal.
        return Offered
            .Select(offer => (offer.Format, Rank: Rank(offer.Type, accepted)))
            .Where(offer => offer.Rank.Weight > 0)
            .OrderByDescending(offer => offer.Rank.Weight)
            .ThenByDescending(offer => offer.Rank.Precision)
            .Select(offer => offer.Format)
            .FirstOrDefault(MetricsFormat.Json);
    }

    /// <summary>The weight of the range that matches most precisely: named, <c>type/*</c>, <c>*/*</c>.</summary>
    private static (double Weight, int Precision) Rank(string type, IList<MediaTypeHeaderValue> accepted) => accepted
        .Select(range => (Weight: range.Quality ?? 1, Precision: Precision(type, range)))
        .Where(match => match.Precision > 0)
        .OrderByDescending(match => match.Precision)
        .ThenByDescending(match => match.Weight)
        .FirstOrDefault();

    private static int Precision(string type, MediaTypeHeaderValue range) => range switch
    {
        { MatchesAllTypes: true } => 1,
        { MatchesAllSubTypes: true } => type.StartsWith(range.Type + "/", StringComparison.OrdinalIgnoreCase) ? 2 : 0,
        _ => range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase) ? 3 : 0,
    };
}
