using JobApi.Faults.Checking;
using JobApi.Faults.Runs;
using JobApi.Testing;
using Xunit;

namespace JobApi.Faults.Tests;

public sealed class ReportTableTests
{
    [Fact]
    public void A_row_counts_each_kind_of_violation_where_it_belongs()
    {
        var report = new TrialReport
        {
            Fault = "rust",
            Cycles = 7,
            Accepted = 90,
            Unknown = 3,
            Starts = 100,
            Condemned = 4,
            ReadyAgain = [TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(100)],
            Violations = [Of(ViolationKind.Lost), Of(ViolationKind.Lost), Of(ViolationKind.ExtraStart), Of(ViolationKind.Charge)],
        };

        Assert.EndsWith("| rust | 7 | 90 | 3 | 100 | 2 | 0 | 1 | 1 | 4 | 100 / 300 / 300 |", ReportTable.Of([report]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_heading_says_what_the_table_is_of() =>
        Assert.StartsWith("The run of 2030-01-02 (commit ", ReportTable.Heading(7, TimeSpan.FromMinutes(30), Jobs.Start), StringComparison.Ordinal);

    [Theory]
    [InlineData(50, 50)]
    [InlineData(99, 99)]
    [InlineData(100, 100)]
    [InlineData(1, 1)]
    public void A_percentile_is_the_value_that_so_many_do_not_exceed(int percent, int expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), ReportTable.Percentile([.. Enumerable.Range(1, 100).Reverse().Select(seconds => TimeSpan.FromSeconds(seconds))], percent));

    [Fact]
    public void Two_stretches_of_a_run_add_up()
    {
        var one = new TrialReport { Fault = "rust", Cycles = 2, Accepted = 10, Violations = [Of(ViolationKind.Lost)] };

        var both = one.And(one with { Cycles = 3 });

        Assert.Equal((5, 20, 2), (both.Cycles, both.Accepted, both.Violations.Count));
    }

    private static Violation Of(ViolationKind kind) => new(kind, "token", null, "It was seen.");
}
