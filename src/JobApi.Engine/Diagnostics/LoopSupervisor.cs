using JobApi.Engine.Storage;
using Microsoft.Extensions.Logging;

namespace JobApi.Engine.Diagnostics;

/// <summary>
/// Keeps a loop running: what it throws is logged and the loop is started again after a pause that doubles from 0.1 s to 10 s. A vital
/// loop that fails ten times without one beat in between cannot go on, and then neither can the process. A store that cannot write for a while is waited for as long as it takes. Only a loop that the
/// stop waits for, and does not cancel, gives up then as well.
/// </summary>
internal sealed partial class LoopSupervisor(EngineHealth health, TimeProvider time, ILogger<LoopSupervisor> logger)
{
    private const int MaxFailures = 10;

    /// <summary>The pause after so many failures in a row.</summary>
    public static TimeSpan PauseAfter(int failures) => TimeSpan.FromSeconds(Math.Min(0.1 * Math.Pow(2, failures - 1), 10));

    /// <summary>Runs a loop until it is stopped, or the store has stopped for good. Never throws.</summary>
    public async Task RunAsync(IEngineLoop loop, CancellationToken stop)
    {
        var heartbeat = health.Watch(loop.Name);
        var (failures, waits, known) = (0, 0, (Exception?)null);

        while (!stop.IsCancellationRequested)
        {
            var beats = heartbeat.Beats;

            try
            {
                await loop.RunAsync(heartbeat, stop);
                break;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (StoreException exception) when (exception.IsFinal)
            {
                LogNoStore(logger, exception, loop.Name);
                health.StoreHasStopped("the store takes no more writes");
                break;
            }
#pragma warning disable CA1031 // The one place whose duty it is to catch everything a loop can throw.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (heartbeat.Beats != beats)
                {
                    (failures, waits, known) = (0, 0, null);
                }

                var isWaitedFor = exception is StoreException { IsPassing: true } && (stop.CanBeCanceled || !health.IsDraining);
                var times = isWaitedFor ? ++waits : ++failures;

                if (failures >= MaxFailures && loop.IsVital)
                {
                    LogGivenUp(logger, exception, loop.Name, failures);
                    health.CannotGoOn($"{loop.Name} failed {failures} times in a row");
                    break;
                }

                Tell(loop, exception, known, times);
                known = exception;
                await heartbeat.RestUntilAsync(PauseAsync(loop, times, stop));
            }
        }

        health.Unwatch(heartbeat);
    }

    /// <summary>The same failure again is told in one line: whoever looks for its cause finds the first one.</summary>
    private void Tell(IEngineLoop loop, Exception exception, Exception? known, int times)
    {
        if (exception.GetType() == known?.GetType() && exception.Message == known.Message)
        {
            LogSameAgain(logger, loop.Name, times, exception.GetType().Name);
        }
        else
        {
            LogRestart(logger, exception, loop.Name, times);
        }
    }

    /// <summary>A process that ends anyway does not wait, but for loops that end no sooner for it.</summary>
    private async ValueTask<bool> PauseAsync(IEngineLoop loop, int failures, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, loop.IsVital ? health.Fatal : CancellationToken.None);
        await Task.Delay(PauseAfter(failures), time, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Loop} failed (time {Failures} in a row) and is started again")]
    private static partial void LogRestart(ILogger logger, Exception exception, string loop, int failures);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Loop} failed in the same way (time {Failures} in a row, {Failure}) and is started again")]
    private static partial void LogSameAgain(ILogger logger, string loop, int failures, string failure);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Loop} ends, because the store takes no more; the process cannot go on")]
    private static partial void LogNoStore(ILogger logger, Exception exception, string loop);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Loop} failed {Failures} times in a row; the process cannot go on")]
    private static partial void LogGivenUp(ILogger logger, Exception exception, string loop, int failures);
}
