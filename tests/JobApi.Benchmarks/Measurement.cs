namespace JobApi.Benchmarks;

/// <summary>One measured figure and the bar it has to clear.</summary>
/// <param name="What">What was measured, for people.</param>
/// <param name="Value">The figure.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Bar">It must be below this; no bar when null.</param>
/// <param name="AtLeast">It must not be below this; no bar when null.</param>
internal sealed record Measurement(string What, double Value, string Unit, double? Bar = null, double? AtLeast = null)
{
    private string Limit => this switch
    {
        { Bar: { } bar } => Text($"< {bar:0.###} {Unit}"),
        { AtLeast: { } least } => Text($"≥ {least:0.###} {Unit}"),
        _ => "",
    };

    private string Verdict => Bar is null && AtLeast is null ? "" : (Bar is null || Value < Bar) && (AtLeast is null || Value >= AtLeast) ? "met" : "**missed**";

    /// <summary>A row of the table in <c>docs/benchmarks.md</c>.</summary>
    public override string ToString() => Text($"| {What} | {Value:0.###} {Unit} | {Limit} | {Verdict} |");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}

/// <summary>A group of measurements of JobApi by itself.</summary>
internal interface IMeasure
{
    /// <summary>The word that picks it on the command line.</summary>
    string Name { get; }

    IAsyncEnumerable<Measurement> RunAsync();
}

/// <summary>Order statistics of a sample.</summary>
internal static class Sample
{
    /// <summary>The smallest value that is not exceeded by this share of the sample (nearest rank).</summary>
    public static double Percentile(this IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
