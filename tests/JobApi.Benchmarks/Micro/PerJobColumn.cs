using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace JobApi.Benchmarks.Micro;

/// <summary>The mean divided by the parameter <c>Jobs</c>, for benchmarks that have one.</summary>
internal sealed class PerJobColumn : IColumn
{
    /// <summary>The parameter's name.</summary>
    public const string Parameter = "Jobs";

    public string Id => nameof(PerJobColumn);

    public string ColumnName => "Per job";

    public string Legend => $"Mean / {Parameter}";

    public bool AlwaysShow => false;

    public ColumnCategory Category => ColumnCategory.Statistics;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Time;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) =>
        benchmarkCase.Parameters[Parameter] is int jobs && summary[benchmarkCase]?.ResultStatistics is { } statistics
            ? $"{statistics.Mean / jobs / 1000:0.00} µs"
            : "";

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public bool IsAvailable(Summary summary) => summary.BenchmarksCases.Any(benchmark => benchmark.Parameters[Parameter] is int);
}
