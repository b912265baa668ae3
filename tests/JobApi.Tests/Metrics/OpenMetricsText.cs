using System.Globalization;
using System.Text.RegularExpressions;

namespace JobApi.Tests.Metrics;

/// <summary>A strict reader of OpenMetrics 1.0: every rule of the specification that our kinds of metrics can break is checked, and the first breach told.</summary>
internal static partial class OpenMetricsText
{
    private sealed record Family(string Name, string Kind, string? Unit, List<Sample> Samples);

    private sealed record Sample(string Name, string Labels, string? Le, double Value);

    /// <summary>What is wrong with a text; null when nothing is.</summary>
    public static string? Fault(string text)
    {
        if (!text.EndsWith("\n# EOF\n", StringComparison.Ordinal) || text.Contains('\r', StringComparison.Ordinal))
        {
            return "It does not end with # EOF and a line feed.";
        }

        var families = new Dictionary<string, Family>(StringComparer.Ordinal);
        var (metadata, current) = (new Dictionary<string, string>(StringComparer.Ordinal), (Family?)null);

        foreach (var line in text.Split('\n')[..^2])
        {
            if (Metadata().Match(line) is { Success: true } match)
            {
                var (word, name) = (match.Groups["word"].Value, match.Groups["name"].Value);

                if (current is null || current.Name != name)
                {
                    if (families.ContainsKey(name))
                    {
                        return $"The family {name} comes twice, or in pieces.";
                    }

                    metadata.Clear();
                    families[name] = current = new Family(name, "unknown", null, []);
                }

                if (current.Samples.Count > 0 || !metadata.TryAdd(word, match.Groups["rest"].Value))
                {
                    return $"{word} of {name} comes twice, or after its samples.";
                }

                families[name] = current = current with { Kind = metadata.GetValueOrDefault("TYPE", "unknown"), Unit = metadata.GetValueOrDefault("UNIT") };
            }
            else if (SampleLine().Match(line) is { Success: true } sample)
            {
                if (current is null || !TryRead(sample, out var read))
                {
                    return $"This is no sample: {line}";
                }

                current.Samples.Add(read);
            }
            else
            {
                return $"This is neither metadata nor a sample: {line}";
            }
        }

        return families.Values.Select(Fault).FirstOrDefault(fault => fault is not null);
    }

    private static bool TryRead(Match line, out Sample sample)
    {
        var labels = Label().Matches(line.Groups["labels"].Value).Select(label => (Name: label.Groups["name"].Value, Text: label.Value)).ToArray();
        var le = labels.Where(label => label.Name == "le").Select(label => label.Text[4..^1]).FirstOrDefault();
        sample = new Sample(
            line.Groups["name"].Value,
            string.Join(',', labels.Where(label => label.Name != "le").Select(label => label.Text)),
            le,
            Number(line.Groups["value"].Value));

        return labels.Select(label => label.Name).Distinct().Count() == labels.Length && !double.IsNaN(sample.Value);
    }

    private static string? Fault(Family family) =>
        family.Unit is { } unit && !family.Name.EndsWith("_" + unit, StringComparison.Ordinal) ? $"{family.Name} does not end with its unit {unit}."
        : family.Samples.GroupBy(sample => (sample.Name, sample.Labels, sample.Le)).FirstOrDefault(group => group.Count() > 1) is { } twice ? $"{twice.Key} comes twice."
        : Pieces(family) is { } labels ? $"The samples of {family.Name}{{{labels}}} are not together."
        : family.Kind switch
        {
            "counter" => family.Samples.Any(sample => sample.Name != family.Name + "_total" || sample.Value < 0) ? $"The counter {family.Name} has a sample that is not _total, or below 0." : null,
            "gauge" => family.Samples.Any(sample => sample.Name != family.Name) || family.Name.EndsWith("_total", StringComparison.Ordinal) ? $"The gauge {family.Name} has a sample of another name." : null,
            "histogram" => family.Samples.GroupBy(sample => sample.Labels).Select(group => HistogramFault(family.Name, [.. group])).FirstOrDefault(fault => fault is not null),
            _ => $"{family.Name} is of the kind {family.Kind}.",
        };

    /// <summary>The samples of one metric must not be mixed with those of another.</summary>
    private static string? Pieces(Family family)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string? last = null;

        foreach (var labels in family.Samples.Select(sample => sample.Labels))
        {
            if (labels != last && !seen.Add(labels))
            {
                return labels;
            }

            last = labels;
        }

        return null;
    }

    private static string? HistogramFault(string name, Sample[] samples)
    {
        var buckets = samples.Where(sample => sample.Name == name + "_bucket").ToArray();
        var bounds = buckets.Select(bucket => Number(bucket.Le ?? "NaN")).ToArray();

        return buckets.Length == 0 || buckets[^1].Le != "+Inf" ? $"{name} has no bucket +Inf at its end."
            : bounds.Any(double.IsNaN) || !bounds.SequenceEqual(bounds.Distinct().Order()) ? $"The bounds of {name} do not grow."
            : buckets.Any(bucket => !bucket.Le!.Contains('.', StringComparison.Ordinal) && bucket.Le != "+Inf") ? $"A bound of {name} is not written as a float."
            : !buckets.Select(bucket => bucket.Value).SequenceEqual(buckets.Select(bucket => bucket.Value).Order()) ? $"The buckets of {name} are not cumulative."
            : samples.SingleOrDefault(sample => sample.Name == name + "_count")?.Value != buckets[^1].Value ? $"The count of {name} is not its bucket +Inf."
            : samples.Count(sample => sample.Name == name + "_sum" && sample.Value >= 0) != 1 ? $"{name} has no sum, or one below 0."
            : samples.Length != buckets.Length + 2 ? $"{name} has a sample of another name."
            : null;
    }

    private static double Number(string text) => text == "+Inf" ? double.PositiveInfinity
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;

    [GeneratedRegex(@"^# (?<word>HELP|TYPE|UNIT) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<rest>(?:[^\\""]|\\[\\n""])+)$")]
    private static partial Regex Metadata();

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?<labels>[a-zA-Z_][a-zA-Z0-9_]*=""(?:[^\\""\n]|\\[\\n""])*""(?:,[a-zA-Z_][a-zA-Z0-9_]*=""(?:[^\\""\n]|\\[\\n""])*"")*)\})? (?<value>[^ ]+)$")]
    private static partial Regex SampleLine();

    [GeneratedRegex(@"(?<name>[a-zA-Z_][a-zA-Z0-9_]*)=""(?:[^\\""\n]|\\[\\n""])*""")]
    private static partial Regex Label();
}
