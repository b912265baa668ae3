using System.Text.RegularExpressions;
using JobApi.Tests.Architecture;

namespace JobApi.Tests.Documentation;

/// <summary>A metric family: its name as Prometheus stores it, its labels in order and without the <c>le</c> of buckets, its kind.</summary>
internal sealed record MetricFamily(string Name, string Labels, string Kind);

/// <summary>One row of the table of all metrics.</summary>
/// <param name="Members">Members of the JSON answer.</param>
/// <param name="Places">Where they are: <c>all</c>, <c>type</c>, <c>queue</c>.</param>
/// <param name="Families">What a scraper gets.</param>
/// <param name="Unit">In words.</param>
internal sealed record MetricRow(IReadOnlyList<string> Members, IReadOnlyList<string> Places, IReadOnlyList<MetricFamily> Families, string Unit);

/// <summary><c>docs/metrics.md</c>, read.</summary>
internal sealed partial record MetricsPage(
    IReadOnlyList<MetricRow> Rows, IReadOnlyList<(string ContentType, string? Accept)> Forms, string Scraping, string Alerts, string AllowedHosts)
{
    public static MetricsPage Load() => Parse(File.ReadAllText(SourceTree.At("docs/metrics.md")));

    public static MetricsPage Parse(string text)
    {
        var yaml = Yaml().Matches(text).Select(block => block.Groups[1].Value).ToArray();

        return new(
            [.. Table(QuickStart.Section(text, "Every metric")).Select(Row)],
            [.. Table(QuickStart.Section(text, "Three forms")).Select(row => (Codes(row[1])[0], Accept().Match(row[2]) is { Success: true } asked ? asked.Groups[1].Value : null))],
            yaml.Single(block => block.Contains("scrape_configs:", StringComparison.Ordinal)),
            yaml.Single(block => block.StartsWith("groups:", StringComparison.Ordinal)),
            Hosts().Match(text).Groups[1].Value);
    }

    /// <summary>The expressions of the alerts, by their names.</summary>
    public IReadOnlyDictionary<string, string> Expressions() =>
        Alert().Matches(Alerts).ToDictionary(alert => alert.Groups["name"].Value, alert => alert.Groups["expr"].Value.TrimStart('|').Trim());

    private static MetricRow Row(string[] cells) => new(
        Codes(cells[0]),
        cells[1].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        [.. Codes(cells[2]).Select(code => Family().Match(code)).Select(family => new MetricFamily(family.Groups["name"].Value, family.Groups["labels"].Value, cells[3]))],
        cells[4]);

    /// <summary>The cells of a table's rows, without its head.</summary>
    private static IEnumerable<string[]> Table(string section) =>
        section.Split('\n').SkipWhile(line => !line.StartsWith("|---", StringComparison.Ordinal)).Skip(1).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1]);

    private static string[] Codes(string cell) => [.. Code().Matches(cell).Select(code => code.Groups[1].Value)];

    [GeneratedRegex(@"^```yaml\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Yaml();

    [GeneratedRegex(@"-H 'Accept: ([^']+)'")]
    private static partial Regex Accept();

    [GeneratedRegex(@"^export AllowedHosts='([^']+)'$", RegexOptions.Multiline)]
    private static partial Regex Hosts();

    [GeneratedRegex(@"- alert: (?<name>\w+)\n +expr: (?<expr>.*?)\n +for:", RegexOptions.Singleline)]
    private static partial Regex Alert();

    [GeneratedRegex(@"^(?<name>\w+)(?:\{(?<labels>[\w,]+)\})?$")]
    private static partial Regex Family();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
