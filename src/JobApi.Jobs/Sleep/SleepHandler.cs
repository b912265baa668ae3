using JobApi.Engine.Execution;

namespace JobApi.Jobs.Sleep;

/// <summary>Waits, and on demand fails or does not listen, so that waiting, retries, timeouts and cancellation can be tried out.</summary>
internal sealed class SleepHandler(TimeProvider time) : IJobHandler<SleepPayload, SleepResult>
{
    /// <summary>Progress is reported this many times a job, however long it sleeps.</summary>
    private const int Steps = 10;

    public async Task<Attempt<SleepResult>> HandleAsync(SleepPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        // Not listening is the point of the flag: it shows how the server fences off a handler that goes on after its time.
        var heard = payload.IgnoreCancellation ? CancellationToken.None : cancellationToken;
        var started = time.GetTimestamp();
        var total = TimeSpan.FromSeconds(payload.Seconds);

        for (var step = 1; step <= Steps; step++)
        {
            // Aim at the step's moment, not at its length, so that late timers do not add up.
            var wait = (total * step / Steps) - time.GetElapsedTime(started);

            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, heard);
            }

            context.ReportProgress(100.0 * step / Steps, "Sleeping");
        }

        return context.Failures < payload.FailTimes
            ? Failure.Temporary($"Failed on demand: {context.Failures + 1} of {payload.FailTimes}.", type: "failed-on-demand", title: "The payload asked for this failure")
            : new SleepResult(Math.Round(time.GetElapsedTime(started).TotalSeconds, 3));
    }
}
