using System.Globalization;
using System.Text;
using JobApi.Faults.Checking;

namespace JobApi.Faults.Runs;

/// <summary>The result of a run as a table in Markdown.</summary>
internal static class ReportTable
{
    private static readonly ViolationKind[] Named = [ViolationKind.Lost, ViolationKind.Unexpected, ViolationKind.ExtraStart];

    public static string Of(IReadOnlyList<TrialReport> reports)
    {
        var table = new StringBuilder();
        table.AppendLine("| fault | cycles | accepted | unknown answers | handler starts | lost | unexpected | unattributed starts | other violations | given up after three deaths | ready again p50 / p99 / max (ms) |");
        table.Append("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");

        foreach (var report in reports)
        {
            var others = report.Violations.Count(violation => !Named.Contains(violation.Kind));
            table.AppendLine();
            table.Append(CultureInfo.InvariantCulture,
                $"| {report.Fault} | {report.Cycles} | {report.Accepted} | {report.Unknown} | {report.Starts} | {Count(report, Named[0])} | {Count(report, Named[1])} | {Count(report, Named[2])} | {others} | {report.Condemned} | {Ready(report)} |");
        }

        return table.ToString();
    }

    /// <summary>The value that this share of all values does not exceed (nearest rank).</summary>
    public static TimeSpan Percentile(IReadOnlyList<TimeSpan> values, int percent)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? TimeSpan.Zero : sorted[(((sorted.Count * percent) + 99) / 100) - 1];
    }

    private static int Count(TrialReport report, ViolationKind kind) => report.Violations.Count(violation => violation.Kind == kind);

    private static string Ready(TrialReport report) => string.Create(CultureInfo.InvariantCulture,
        $"{Percentile(report.ReadyAgain, 50).TotalMilliseconds:0} / {Percentile(report.ReadyAgain, 99).TotalMilliseconds:0} / {Percentile(report.ReadyAgain, 100).TotalMilliseconds:0}");
}
