using JobApi.Faults.Disk;
using JobApi.Faults.Kinds;
using JobApi.Faults.Runs;
using JobApi.Faults.Twins;
using JobApi.Testing;
using Xunit;

namespace JobApi.Faults.Tests;

/// <summary>The negative controls: under each fault a server that breaks the promise is found out. Without them a green run would say nothing.</summary>
public sealed class ControlTests
{
    /// <summary>Enough for a broken server to show it, however the dice fall.</summary>
    private const int Strikes = 3;

    public static TheoryData<string, string> OnAnyDisk => ControlsOn(isFaulty: false);

    public static TheoryData<string, string> OnFaultyDisk => ControlsOn(isFaulty: true);

    [Theory]
    [MemberData(nameof(OnAnyDisk))]
    public Task A_server_that_breaks_a_promise_is_found_out_by(string fault, string twin) => FindOutAsync(fault, twin);

    [ToolTheory(DiskLibrary.Compiler)]
    [MemberData(nameof(OnFaultyDisk))]
    public Task A_server_that_breaks_a_promise_is_found_out_on_a_disk_made_for_it_by(string fault, string twin) => FindOutAsync(fault, twin);

    [Fact]
    public void Every_fault_has_a_control() => Assert.All(AllFaults.List, fault => Assert.NotEmpty(fault.Controls));

    [Fact]
    public void Every_twin_is_a_control_of_some_fault() =>
        Assert.Equal(Enum.GetValues<Twin>().Where(twin => twin != Twin.None).Order(), AllFaults.List.SelectMany(fault => fault.Controls).Select(control => control.Twin).Distinct().Order());

    private static TheoryData<string, string> ControlsOn(bool isFaulty)
    {
        var controls = new TheoryData<string, string>();

        foreach (var fault in AllFaults.List.Where(fault => fault.ForControl.Choices.OnFaultyDisk == isFaulty))
        {
            foreach (var control in fault.Controls)
            {
                controls.Add(fault.Name, control.Twin.ToString());
            }
        }

        return controls;
    }

    private static async Task FindOutAsync(string fault, string twin)
    {
        var struck = AllFaults.Named(fault);
        var control = struck.Controls.Single(one => one.Twin.ToString() == twin);
        var settings = new TrialSettings
        {
            Cycles = struck.Group is FaultGroup.Kill or FaultGroup.Cut ? Strikes : 1,
            Seed = 20_300_102,
            Twin = control.Twin,
            Patience = TimeSpan.FromSeconds(4),
        };

        var report = await FaultTrial.RunAsync(struck.ForControl, settings, struck: null, CancellationToken.None);

        Assert.Contains(report.Violations, violation => violation.Kind == control.Shows);
    }
}
