using System.Diagnostics;
using System.Runtime.CompilerServices;
using JobApi.Engine.Diagnostics;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobApi.Engine.Execution;

/// <summary>
/// Runs one attempt from claim to outcome: find the handler, run it away from the worker under the job's timeout, and turn
/// whatever happens into a <see cref="JobOutcome"/>. Nothing a handler does gets past it.
/// </summary>
internal sealed partial class JobExecutor(
    HandlerRegistry handlers,
    IServiceScopeFactory scopes,
    HistoryBell historyBell,
    Occupancy occupancy,
    JobMetrics metrics,
    IOptions<ExecutionOptions> options,
    TimeProvider time,
    ILogger<JobExecutor> logger)
{
    /// <summary>The longest a timer can be set to is 49.7 days.</summary>
    private static readonly TimeSpan MaxTimer = TimeSpan.FromDays(49);

    /// <summary>Runs an attempt to its end, or until its handler has been fenced off. Never throws.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<FinishedAttempt> ExecuteAsync(HeldJob held, string worker)
    {
        var job = held.Job;
        metrics.Started(job, time.GetUtcNow());

        if (held.StopReason != StopReason.None)
        {
            return new FinishedAttempt(held, OutcomeOf.Stop(held), TimeSpan.Zero, worker);
        }

        if (handlers.Find(job.Type) is not { } type)
        {
            // Claims name the types we handle, so only a store that ignores them gets here.
            var error = Errors.Failed(job, "no-handler", "No handler is registered", $"This node has no handler for '{job.Type}'.");
            return new FinishedAttempt(held, error, TimeSpan.Zero, worker);
        }

        var started = time.GetTimestamp();
        JobOutcome? outcome;
        Task? stillRuns = null;

        try
        {
            var verdict = await RunAsync(held, type);
            stillRuns = (verdict as Verdict.Fenced)?.Ended;
            outcome = OutcomeOf.Verdict(held, verdict, options.Value);
        }
#pragma warning disable CA1031 // Not the handler's: no thread for it could be made, for one. The worker must go on and the job must end.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            outcome = Errors.Unexpected(job, exception);
        }

        return new FinishedAttempt(held, outcome, time.GetElapsedTime(started), worker) { StillRuns = stillRuns };
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Verdict> RunAsync(HeldJob held, JobType type)
    {
        var run = new AttemptRun(held, time, options.Value.CancellationGrace);
        using var deadline = time.CreateTimer(
            static state => ((HeldJob)state!).Stop(StopReason.TimedOut), held, Shorter(held.Job.Spec.Timeout, MaxTimer), Timeout.InfiniteTimeSpan);

        if (type.Options.IsCpuBound || type.Options.IsBlocking)
        {
            StartThread(run, type);
        }
        else
        {
            // Not called here: a handler that blocks before its first await must not block its worker.
            ThreadPool.UnsafeQueueUserWorkItem(static state => _ = state.self.InvokeAsync(state.run, state.type), (self: this, run, type), preferLocal: true);
        }

        var verdict = await run.Verdict;

        if (verdict is Verdict.Fenced fenced)
        {
            occupancy.Abandon(fenced.Ended);
            metrics.HandlerFenced();
            LogFenced(logger, held.Job.Type, held.Job.Id, held.Job.Attempt, held.StopReason);
        }

        return verdict;
    }

    // By itself, so that what the thread has to know is gathered only for those that get one.
    private void StartThread(AttemptRun run, JobType type) => HandlerThread.Start($"job {type.Name}", () => InvokeAsync(run, type), run.Held);

    /// <summary>Runs the handler and reports to <paramref name="run"/>; whatever it throws is part of the report.</summary>
    private async Task InvokeAsync(AttemptRun run, JobType type)
    {
        var held = run.Held;
        HeldJob.Current = held;
        using var activity = AttemptActivity.Start(held.Job);
        var services = new AttemptServices(scopes);
        Verdict verdict;
        Exception? fault = null;

        try
        {
            var context = new JobContext(held.Job, new JournalOfAttempt(held, historyBell, time));
            verdict = new Verdict.Returned(await type.InvokeAsync(services, context, held.Stopping));
        }
#pragma warning disable CA1031 // Error isolation: a handler may throw anything.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            verdict = new Verdict.Threw(exception);
        }

        try
        {
            await services.DisposeAsync();
        }
#pragma warning disable CA1031 // The handler has had its say; what clearing up after it throws changes nothing about what it did.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            fault = exception;
        }

        activity?.SetStatus(verdict is Verdict.Returned { Outcome: JobOutcome.Succeeded } ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
        var expected = held.StopReason != StopReason.None;
        run.End(verdict);

        // Last, because writing an exception down calls the handler's code again, and that may throw.
        if (!expected && verdict is Verdict.Threw threw)
        {
            LogThrew(logger, threw.Exception, held.Job.Type, held.Job.Id, held.Job.Attempt);
        }

        if (fault is not null)
        {
            LogNotDisposed(logger, fault, held.Job.Type, held.Job.Id, held.Job.Attempt);
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>A handler's words go to its journal, and the history writer is told when there is something to fetch.</summary>
    private sealed class JournalOfAttempt(HeldJob held, HistoryBell bell, TimeProvider time) : IAttemptJournal
    {
        public void Progress(double? percent, string? message)
        {
            if (held.Journal.Set(new JobProgress(percent, message, time.GetUtcNow())))
            {
                bell.Ring(held);
            }
        }

        public void Log(string line)
        {
            if (held.Journal.Add(new LogText(time.GetUtcNow(), line)))
            {
                bell.Ring(held);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The handler of {Type} job {JobId} threw in attempt {Attempt}")]
    private static partial void LogThrew(ILogger logger, Exception exception, string type, Guid jobId, int attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Disposing of the handler of {Type} job {JobId} or of its services threw after attempt {Attempt}; the outcome stays what it was")]
    private static partial void LogNotDisposed(ILogger logger, Exception exception, string type, Guid jobId, int attempt);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "The handler of {Type} job {JobId} ignored its token in attempt {Attempt} ({Reason}) and was fenced off; its worker goes on without it")]
    private static partial void LogFenced(ILogger logger, string type, Guid jobId, int attempt, StopReason reason);
}
