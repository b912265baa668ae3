using JobApi.Engine.Diagnostics;
using JobApi.Engine.Dispatch;
using JobApi.Engine.Execution;
using JobApi.Engine.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobApi.Engine.Workers;

/// <summary>
/// Renews every lease this node holds, all in one call, every third of a lease. It runs only on a store that
/// other processes share; elsewhere claims have no end. When nothing could be renewed for two thirds of a lease, another node may soon run the jobs: their handlers
/// are stopped and their ends are not recorded.
/// </summary>
internal sealed partial class LeaseKeeper(
    IJobQueue store, HeldJobs heldJobs, IOptions<LeaseOptions> options, TimeProvider time, ILogger<LeaseKeeper> logger) : IEngineLoop
{
    // Owned by the loop; a field, so that a restart of the loop does not forget how long ago the last renewal was.
    private long _lastRenewal = time.GetTimestamp();

    public string Name => "lease keeper";

    public async Task RunAsync(Heartbeat heartbeat, CancellationToken stop)
    {
        using var tick = new PeriodicTimer(options.Value.Duration / 3, time);

        while (await heartbeat.RestUntilAsync(tick.WaitForNextTickAsync(stop)))
        {
            await RenewAsync(stop);
        }
    }

    private async Task RenewAsync(CancellationToken stop)
    {
        try
        {
            var held = heldJobs.All.Select(job => job.Job.Lease).ToArray();

            if (held.Length > 0)
            {
                var now = time.GetUtcNow();
                Obey(await store.RenewAsync(new RenewRequest(held, now, now + options.Value.Duration), stop));
            }

            _lastRenewal = time.GetTimestamp();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(logger, exception);

            if (time.GetElapsedTime(_lastRenewal) >= options.Value.Duration * 2 / 3)
            {
                LogGivenUp(logger, heldJobs.Count);
                heldJobs.StopAll(StopReason.LeaseLost);
            }
        }
    }

    private void Obey(RenewOutcome outcome)
    {
        foreach (var id in outcome.Lost)
        {
            heldJobs.Stop(id, StopReason.LeaseLost);
        }

        foreach (var id in outcome.CancelRequested)
        {
            heldJobs.Stop(id, StopReason.CancelRequested);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The leases could not be renewed")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Nothing could be renewed for two thirds of a lease; {Count} jobs in hand are stopped and will run elsewhere")]
    private static partial void LogGivenUp(ILogger logger, int count);
}
