using JobApi.Faults.Kinds;
using JobApi.Faults.Load;
using JobApi.Faults.Servers;
using JobApi.Faults.Sink;

namespace JobApi.Faults.Runs;

/// <summary>
/// Tries a fault: a server on a fresh data folder, clients, and the fault again and again. After every strike each job that was accepted since
/// the one before is looked up; at the end everything is left to finish, and the whole history is held against the promises.
/// </summary>
internal static class FaultTrial
{
    /// <param name="fault">What strikes.</param>
    /// <param name="settings">How often, and on what.</param>
    /// <param name="struck">Told the number of each strike when it is over.</param>
    /// <param name="cancellationToken">Gives the trial up.</param>
    public static async Task<TrialReport> RunAsync(IFault fault, TrialSettings settings, Action<int>? struck, CancellationToken cancellationToken)
    {
        var recorder = new Recorder(TimeProvider.System);
        await using var sink = await SinkServer.StartAsync(recorder);
        await using var server = new ServerUnderTest(recorder, fault.Choices with { Twin = settings.Twin });
        await using var driver = new Driver(server, sink, recorder, settings.Seed);

#pragma warning disable CA5394 // A seed that can be repeated is the point.
        var trial = new Trial(server, sink, driver, recorder, new Random(settings.Seed), settings.Patience);
#pragma warning restore CA5394

        await server.StartAsync(cancellationToken);
        driver.Start(settings.Clients ?? fault.Clients);

        for (var strike = 1; strike <= settings.Cycles; strike++)
        {
            await fault.StrikeAsync(trial, cancellationToken);
            await new Inspector(server.Process.Client, recorder).LookAsync(driver.TakeFresh(), cancellationToken);
            struck?.Invoke(strike);
        }

        await driver.StopAsync();
        var inspector = new Inspector(server.Process.Client, recorder);
        await inspector.DrainAsync(settings.Patience, cancellationToken);
        await inspector.LookAsync(driver.TakeFresh(), cancellationToken);
        var stored = await inspector.ListAsync(cancellationToken);

        return TrialReport.Of(fault.Name, settings.Cycles, recorder.ToHistory(stored) with { Tolerance = fault.Tolerance }, recorder.Violations, recorder.ReadyAgain);
    }
}
