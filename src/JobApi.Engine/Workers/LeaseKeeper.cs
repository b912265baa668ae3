using JobApi.Engine.Diagnostics;
using JobApi.Engine.Dispatch;
using JobApi.Engine.Execution;
using JobApi.Engine.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobApi.Engine.Workers;

/// <summary>
/// Renews every lease this node holds, all in one call, every third of a lease, and sooner again after a failure. It runs only on a store that
/// other processes share; elsewhere claims have no end. When nothing could be renewed for two thirds of a lease, another node may soon run the jobs: their handlers
/// are stopped and their ends are not recorded.
/// </summary>
internal sealed partial class LeaseKeeper(
    IJobQueue store, HeldJobs heldJobs, IOptions<LeaseOptions> options, TimeProvider time, ILogger<LeaseKeeper> logger) : IEngineLoop
{
    private readonly TimeSpan _pause = options.Value.Duration / 3;

    /// <summary>One failure leaves time for three more tries.</summary>
    private readonly TimeSpan _pauseAfterFailure = options.Value.Duration / 12;

    // Owned by the loop; a field, so that a restart of the loop does not forget how long ago the last renewal was. When it began, and not when its answer came: nobody
    // knows at which moment in between the store looked at its clock.
    private long _lastRenewal = time.GetTimestamp();

    public string Name => "lease keeper";

    public bool IsVital => true;

    private TimeSpan Left => options.Value.Duration * 2 / 3 - time.GetElapsedTime(_lastRenewal) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    public async Task RunAsync(Heartbeat heartbeat, CancellationToken stop)
    {
        // Beside the loop, which may hang in the store. It goes on, for jobs that are claimed later.
        await using var deadline = time.CreateTimer(_ => GiveUp(), null, Left, _pause);
        using var tick = new PeriodicTimer(_pause, time);

        while (await heartbeat.RestUntilAsync(tick.WaitForNextTickAsync(stop)))
        {
            var isRenewed = await TryRenewAsync(stop);

            if (isRenewed)
            {
                deadline.Change(Left, _pause);
                heartbeat.Beat();
            }

            var pause = isRenewed ? _pause : _pauseAfterFailure;

            if (tick.Period != pause)
            {
                tick.Period = pause;
            }
        }
    }

    private async Task<bool> TryRenewAsync(CancellationToken stop)
    {
        var begun = time.GetTimestamp();

        // Whoever has given up goes on asking, for the store may come back.
        using var late = new CancellationTokenSource(Left is var left && left > TimeSpan.Zero ? left : _pause, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);

        try
        {
            var held = heldJobs.All.Select(job => job.Job.Lease).ToArray();

            if (held.Length > 0)
            {
                var now = time.GetUtcNow();
                Obey(await store.RenewAsync(new RenewRequest(held, now, now + options.Value.Duration), either.Token));
            }

            _lastRenewal = begun;
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            LogFailed(logger, exception);
            return false;
        }
    }

    private void GiveUp()
    {
        LogGivenUp(logger, heldJobs.Count);
        heldJobs.StopAll(StopReason.LeaseLost);
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
