using JobApi.Faults.Disk;
using JobApi.Faults.Kinds;
using JobApi.Faults.Runs;
using JobApi.Testing;
using Xunit;

namespace JobApi.Faults.Tests;

/// <summary>The short run: every fault strikes the real server, and every promise is kept.</summary>
public sealed class FaultTests
{
    public static TheoryData<string> OnAnyDisk => FaultsOn(isFaulty: false);

    public static TheoryData<string> OnFaultyDisk => FaultsOn(isFaulty: true);

    [Theory]
    [MemberData(nameof(OnAnyDisk))]
    public Task The_server_keeps_its_promises_under(string fault) => StrikeAsync(fault);

    [ToolTheory(DiskLibrary.Compiler)]
    [MemberData(nameof(OnFaultyDisk))]
    public Task The_server_keeps_its_promises_on_a_disk_made_for_it_under(string fault) => StrikeAsync(fault);

    [Fact]
    public void Every_fault_strikes_in_the_short_run() =>
        Assert.All(AllFaults.List, fault => Assert.True(LongRun.Share(fault, RunOptions.Read(["--short"])!) > 0));

    private static TheoryData<string> FaultsOn(bool isFaulty) =>
        [.. AllFaults.List.Where(fault => fault.Choices.OnFaultyDisk == isFaulty).Select(fault => fault.Name)];

    private static async Task StrikeAsync(string fault)
    {
        var options = RunOptions.Read(["--short"])!;
        var struck = AllFaults.Named(fault);
        var settings = new TrialSettings { Cycles = LongRun.Share(struck, options), Seed = 20_300_102 };

        var report = await FaultTrial.RunAsync(struck, settings, struck: null, CancellationToken.None);

        Assert.True(report.Accepted > 0, "No job was accepted: nothing was tried.");
        Assert.True(report.Violations.Count == 0, $"Seed {settings.Seed}.{Environment.NewLine}{string.Join(Environment.NewLine, report.Stories)}");
    }
}
