using JobApi.Faults.Kinds;
using JobApi.Faults.Runs;
using Xunit;

namespace JobApi.Faults.Tests;

/// <summary>The short run: every fault strikes the real server, and every promise is kept.</summary>
public sealed class FaultTests
{
    public static TheoryData<string> Faults => [.. AllFaults.List.Select(fault => fault.Name)];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task The_server_keeps_its_promises_under(string fault)
    {
        var options = RunOptions.Read(["--short"])!;
        var struck = AllFaults.Named(fault);
        var settings = new TrialSettings { Cycles = LongRun.Share(struck, options), Seed = 20_300_102 };

        var report = await FaultTrial.RunAsync(struck, settings, struck: null, CancellationToken.None);

        Assert.True(report.Accepted > 0, "No job was accepted: nothing was tried.");
        Assert.True(report.Violations.Count == 0, $"Seed {settings.Seed}.{Environment.NewLine}{string.Join(Environment.NewLine, report.Stories)}");
    }

    [Fact]
    public void Every_fault_strikes_in_the_short_run() =>
        Assert.All(AllFaults.List, fault => Assert.True(LongRun.Share(fault, RunOptions.Read(["--short"])!) > 0));
}
