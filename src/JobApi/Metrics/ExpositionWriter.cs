using System.Globalization;
using System.Text;
using JobApi.Engine.Diagnostics;

namespace JobApi.Metrics;

/// <summary>The kinds of metric families in use.</summary>
internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>
/// Writes the Prometheus text format 0.0.4 or OpenMetrics 1.0. They differ in little: OpenMetrics names a counter's family without
/// <c>_total</c>, writes bounds as floats, declares the unit and ends with <c># EOF</c>.
/// </summary>
internal sealed class ExpositionWriter(bool openMetrics)
{
    private readonly StringBuilder _text = new(8_192);

    public void Family(string name, MetricKind kind, string help)
    {
        var family = kind == MetricKind.Counter && !openMetrics ? name + "_total" : name;

        Line($"# HELP {family} {Escape(help)}");
        Line($"# TYPE {family} {kind.ToString().ToLowerInvariant()}");

        if (openMetrics && Unit(name) is { } unit)
        {
            Line($"# UNIT {family} {unit}");
        }
    }

    public void Sample(string name, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append(name);

        for (var i = 0; i < labels.Length; i++)
        {
            _text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"").Append(Escape(labels[i].Value)).Append('"');
        }

        _text.Append(labels.IsEmpty ? " " : "} ").Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    public void Gauge(string name, string help, double value)
    {
        Family(name, MetricKind.Gauge, help);
        Sample(name, value);
    }

    public void Histogram(string name, DurationFigures durations, (string Name, string Value) label)
    {
        foreach (var (upper, count) in durations.Buckets)
        {
            if (double.IsFinite(upper))
            {
                Sample(name + "_bucket", count, label, ("le", upper.ToString(openMetrics ? "0.0##########" : "R", CultureInfo.InvariantCulture)));
            }
        }

        Sample(name + "_bucket", durations.Count, label, ("le", "+Inf"));
        Sample(name + "_sum", durations.SumMs / 1_000, label);
        Sample(name + "_count", durations.Count, label);
    }

    /// <summary>The whole text. Nothing can be written after it.</summary>
    public string End() => (openMetrics ? _text.Append("# EOF\n") : _text).ToString();

    private static string? Unit(string name) =>
        name.EndsWith("_seconds", StringComparison.Ordinal) ? "seconds" : name.EndsWith("_bytes", StringComparison.Ordinal) ? "bytes" : null;

    private static string Escape(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);

    private void Line(string line) => _text.Append(line).Append('\n');
}
