using JobApi.Engine.Execution;
using JobApi.Engine.Storage;
using Microsoft.Extensions.Logging;

namespace JobApi.Engine.Dispatch;

/// <summary>
/// Claims suspects, jobs whose process died twice while they ran: each when nothing else runs here, and when that moment does not come by
/// itself, after a bounded time by letting it come. Called by the dispatcher's loop alone.
/// </summary>
internal sealed partial class SuspectClaims(
    IJobQueue store, IJobReader reader, Claims claims, Isolation isolation, Doorbell bell, Occupancy occupancy, HandlerRegistry handlers, ILogger<SuspectClaims> logger)
{
    /// <summary>Whether the node is reserved for a suspect. One that has waited too long makes it so.</summary>
    public async ValueTask<bool> HaveTheFloorAsync(CancellationToken stop)
    {
        if (isolation.PatienceLeft <= TimeSpan.Zero)
        {
            isolation.Forget();

            // Everybody else is held up for it, so it must really be there.
            if (await OneWaitsAsync(stop))
            {
                isolation.Close();
                LogHoldingUp(logger, occupancy.Held);
            }
        }

        return isolation.IsClosed;
    }

    /// <summary>Goes one step towards a suspect that runs alone, and returns it when it was claimed.</summary>
    public async ValueTask<HeldJob?> ClaimAsync(CancellationToken stop)
    {
        var next = isolation.Next();

        if (next == NextStep.Check && !await OneWaitsAsync(stop))
        {
            isolation.Open();
        }

        return next == NextStep.Claim ? await ClaimOneAsync() : null;
    }

    private async ValueTask<HeldJob?> ClaimOneAsync()
    {
        // Said before the hand is asked for: a worker that offers its hand a moment later rings.
        bell.MoreMayWait();

        if (claims.OpenForSuspect() is not { } request)
        {
            return null;
        }

        IReadOnlyList<Lifecycle.Job> claimed = [];
        IReadOnlyList<HeldJob> held = [];

        try
        {
            // No token: a claim whose answer is thrown away would hold a job that nobody runs.
            claimed = await store.ClaimAsync(request, CancellationToken.None);
        }
        finally
        {
            held = claims.Close(request, claimed);
        }

        if (held.Count == 0)
        {
            isolation.Open();
            return null;
        }

        isolation.Begin();
        LogAlone(logger, held[0].Job.Type, held[0].Job.Id, held[0].Job.Crashes);
        return held[0];
    }

    private async ValueTask<bool> OneWaitsAsync(CancellationToken stop) =>
        (await reader.CountAsync(stop)).OpenSuspectsByType.Keys.Any(handlers.Names.Contains);

    [LoggerMessage(Level = LogLevel.Information, Message = "A job waits to run alone: nothing is claimed until {Held} jobs in hand have ended")]
    private static partial void LogHoldingUp(ILogger logger, int held);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Type} job {JobId} runs alone: its process died {Crashes} times while it ran")]
    private static partial void LogAlone(ILogger logger, string type, Guid jobId, int crashes);
}
