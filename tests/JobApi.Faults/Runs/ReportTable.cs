using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using JobApi.Faults.Checking;

namespace JobApi.Faults.Runs;

/// <summary>The result of a run as a table in Markdown.</summary>
internal static class ReportTable
{
    private static readonly ViolationKind[] Named = [ViolationKind.Lost, ViolationKind.Unexpected, ViolationKind.ExtraStart];

    private static readonly string[] Heads =
    [
        "fault", "cycles", "accepted", "unknown answers", "handler starts", "lost", "unexpected", "unattributed starts", "other violations",
        "given up after three deaths", "ready again p50 / p99 / max (ms)",
    ];

    /// <summary>What stands above the table: when, of what, on what.</summary>
    public static string Heading(int seed, TimeSpan length, DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture,
        $"The run of {at:yyyy-MM-dd} (commit {Commit()}, seed {seed}, {length.TotalMinutes:0} minutes; {Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}):");

    /// <summary>The build writes it behind the version.</summary>
    private static string Commit() =>
        typeof(ReportTable).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, { Length: > 10 } commit]
            ? commit[..10]
            : "unknown";

    public static string Of(IReadOnlyList<TrialReport> reports)
    {
        var table = new StringBuilder();
        table.AppendLine(Row(Heads));
        table.Append(Row(Heads.Select((_, column) => column == 0 ? "---" : "--:")));

        foreach (var report in reports)
        {
            table.AppendLine().Append(Row(Cells(report)));
        }

        return table.ToString();
    }

    private static IEnumerable<string> Cells(TrialReport report)
    {
        var others = report.Violations.Count(violation => !Named.Contains(violation.Kind));
        int[] numbers = [report.Cycles, report.Accepted, report.Unknown, report.Starts, .. Named.Select(kind => Count(report, kind)), others, report.Condemned];

        return [report.Fault, .. numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)), Ready(report)];
    }

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

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
