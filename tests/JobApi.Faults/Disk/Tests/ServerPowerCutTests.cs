using JobApi.Testing;
using Xunit;
using Xunit.Abstractions;

namespace JobApi.Faults.Disk.Tests;

/// <summary>The power fails under load, again and again on the same disk: what was accepted is there.</summary>
public sealed class ServerPowerCutTests(ITestOutputHelper output) : IDisposable
{
    private const int Clients = 8;
    private const int Cuts = 5;

    private readonly FaultyDisk _disk = new();

    public void Dispose() => _disk.Dispose();

    [ToolTheory(DiskLibrary.Compiler)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_accepted_job_survives_power_cuts(bool mixed)
    {
        var accepted = new List<string>();

        for (var cut = 1; cut <= Cuts; cut++)
        {
            await using (var server = await DiskServer.StartAsync(_disk))
            {
                Assert.Empty(await server.MissingAsync(accepted));
                accepted.AddRange(await server.KillUnderLoadAsync(Clients, accepted: 20 * (cut % 5)));
            }

            _disk.CutPower(mixed ? new PowerCut.Mixed(cut) : new PowerCut.DropUnsynced());
        }

        await using (var last = await DiskServer.StartAsync(_disk))
        {
            Assert.Empty(await last.MissingAsync(accepted));
        }

        output.WriteLine($"{accepted.Count} jobs were accepted between {Cuts} cuts.");

        // Not because nothing was in the way: folders are flushed by calls that .NET looks up by itself.
        Assert.InRange(_disk.Count(DiskKind.Folder, DiskCalls.Sync), 5, long.MaxValue);
        Assert.InRange(_disk.Count(DiskKind.Log, DiskCalls.Sync), 10, long.MaxValue);
        Assert.InRange(_disk.Count(DiskKind.Log, DiskCalls.Write), 100, long.MaxValue);
    }

    /// <summary>The control: what <c>synchronous=NORMAL</c> does. If nothing were lost here, the cuts above would prove nothing.</summary>
    [ToolFact(DiskLibrary.Compiler)]
    public async Task Accepted_jobs_are_lost_when_the_fsync_of_the_log_is_left_out()
    {
        using var lie = _disk.Arm(DiskFault.LyingSync("-wal"));

        var accepted = await LoadAndCutAsync(40, new PowerCut.DropUnsynced());
        lie.Dispose();

        await using var server = await DiskServer.StartAsync(_disk);
        var missing = await server.MissingAsync(accepted);
        output.WriteLine($"{missing.Count} of {accepted.Count} accepted jobs were lost.");
        Assert.NotEmpty(missing);
    }

    [ToolTheory(DiskLibrary.Compiler)]
    [InlineData(DiskCalls.Write)]
    [InlineData(DiskCalls.Sync)]
    [InlineData(DiskCalls.Synced)]
    public async Task Every_accepted_job_survives_a_death_at_a_named_point_of_a_commit(DiskCalls point)
    {
        IReadOnlyCollection<string> accepted;

        await using (var server = await DiskServer.StartAsync(_disk))
        {
            // A commit is one flush and some twenty writes.
            using var death = _disk.Arm(new DiskFault(point, "-wal", DiskAction.Kill) { After = point == DiskCalls.Write ? 600 : 30 });
            accepted = await server.KillUnderLoadAsync(Clients, int.MaxValue);
            Assert.Equal(1, death.Hits);
        }

        _disk.CutPower(new PowerCut.DropUnsynced());

        await using (var server = await DiskServer.StartAsync(_disk))
        {
            Assert.NotEmpty(accepted);
            Assert.Empty(await server.MissingAsync(accepted));
        }
    }

    private async Task<IReadOnlyCollection<string>> LoadAndCutAsync(int jobs, PowerCut cut)
    {
        IReadOnlyCollection<string> accepted;

        await using (var server = await DiskServer.StartAsync(_disk))
        {
            accepted = await server.KillUnderLoadAsync(Clients, jobs);
        }

        _disk.CutPower(cut);
        return accepted;
    }
}
