using JobApi.Engine.Diagnostics;
using JobApi.Engine.Events;
using JobApi.Engine.Execution;
using JobApi.Engine.Storage;
using JobApi.Engine.Workers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobApi.Engine;

/// <summary>
/// Starts and stops the machine. It drains while the host still answers HTTP, so that during the grace period results can be
/// read and load balancers see that the node is leaving.
/// </summary>
internal sealed partial class JobEngine(
    EngineParts parts, EngineHealth health, JobEvents events, StoreTraits traits, IJobReader store,
    IOptions<WorkerOptions> workers, IOptions<ExecutionOptions> execution, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<JobEngine> logger)
    : IHostedLifecycleService, IDisposable
{
    /// <summary>The exit code of a process whose engine could not go on.</summary>
    public const int ExitCodeFailed = 1;

    /// <summary>The exit code of a process that stopped while handlers still ran.</summary>
    public const int ExitCodeAbandoned = 2;

    private readonly CancellationTokenSource _stopClaiming = new();
    private readonly CancellationTokenSource _stopUpkeep = new();
    private readonly List<Task> _upkeep = [];
    private Task _claiming = Task.CompletedTask;
    private Task _completing = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        HandlerFaults.Catch(logger);

        // The isolation before the bell: whom the bell wakes asks it whether a suspect waits.
        events.Subscribe(parts.Results, parts.HeldJobs, parts.Isolation, parts.Doorbell, parts.Queues, parts.TimeKeeper);
        health.Fatal.Register(() => Fail());
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Only now that everything else has started: a start that fails for a taken port must not have begun jobs, which would be charged with its end as a crash.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _completing = parts.Supervisor.RunAsync(parts.Completions, CancellationToken.None);
        _upkeep.AddRange(parts.Upkeep(traits).Select(loop => parts.Supervisor.RunAsync(loop, _stopUpkeep.Token)));
        parts.Pool.Start();
        _claiming = parts.Supervisor.RunAsync(parts.Dispatcher, _stopClaiming.Token);
        health.Ready();
        return Task.CompletedTask;
    }

    /// <summary>The whole shutdown, in order, while every other service still runs.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();

        // 1. No more traffic: readiness says so, submissions are refused, and who waits for a result gets what is known.
        health.Drain();
        parts.Results.StopWaitingForTheNextStart();
        LogDraining(logger, parts.HeldJobs.Count, workers.Value.ShutdownGrace.TotalSeconds);

        // 2. Nothing more is claimed, and what no worker has begun goes back.
        await _stopClaiming.CancelAsync();
        await _claiming;
        var idle = parts.Pool.CloseAsync();

        foreach (var unread in parts.Ready.Close())
        {
            parts.Dispatcher.HandBack(unread);
        }

        // A submission that was under way may come back with a job that nobody will run; it hands the job back before the ends are closed.
        await EndsWithinAsync(parts.Claims.StopAsync(), Left());

        // 3. Jobs in hand may finish. 4. Those that do not are asked to stop, and fenced off if they do not listen.
        //    Nobody waits for them when the store is gone: their ends could not be stored.
        if (!await EndsWithinAsync(idle, Left()))
        {
            if (!health.StoreGone.IsCancellationRequested)
            {
                LogGraceOver(logger, parts.HeldJobs.Count);
            }

            parts.HeldJobs.StopAll(StopReason.ShuttingDown);
            await EndsWithinAsync(idle, execution.Value.CancellationGrace + TimeSpan.FromSeconds(5));
        }

        // 5. Every end is stored before the store closes.
        await parts.Completions.CloseAsync(_completing, health.StoreGone);
        await _completing;
        parts.Results.StopWaiting();
        await _stopUpkeep.CancelAsync();
        await Task.WhenAll(_upkeep);

        if (health.StoreGone.IsCancellationRequested)
        {
            LogStoreGone(logger, parts.HeldJobs.Count, ExitCodeFailed);
            return;
        }

        await SayGoodbyeAsync();

        // One grace for all that is waited for.
        TimeSpan Left() => workers.Value.ShutdownGrace - time.GetElapsedTime(since) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _stopClaiming.Dispose();
        _stopUpkeep.Dispose();
    }

    private async Task<bool> EndsWithinAsync(Task task, TimeSpan limit)
    {
        await task.WaitAsync(limit, time, health.StoreGone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return task.IsCompleted;
    }

    private async Task SayGoodbyeAsync()
    {
        var abandoned = parts.Occupancy.Abandoned + parts.HeldJobs.Count;
        var backlog = (await store.CountAsync(CancellationToken.None)).Backlog;

        if (abandoned > 0)
        {
            Environment.ExitCode = health.Fatal.IsCancellationRequested ? ExitCodeFailed : ExitCodeAbandoned;
            LogAbandoned(logger, abandoned, Environment.ExitCode);
        }
        else
        {
            LogStopped(logger);
        }

        if (traits.Durability == Durability.Memory && backlog > 0)
        {
            LogForgotten(logger, backlog, traits.Name);
        }
    }

    private void Fail()
    {
        Environment.ExitCode = ExitCodeFailed;
        lifetime.StopApplication();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping: {Held} jobs in hand may finish within {Grace} s")]
    private static partial void LogDraining(ILogger logger, int held, double grace);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The grace period is over; {Held} jobs in hand are asked to stop and handed back")]
    private static partial void LogGraceOver(ILogger logger, int held);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Stopped without a store: {Held} jobs in hand are left for the next start; exit code {ExitCode}")]
    private static partial void LogStoreGone(ILogger logger, int held, int exitCode);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Abandoned} handlers still run and are abandoned; exit code {ExitCode}")]
    private static partial void LogAbandoned(ILogger logger, int abandoned, int exitCode);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Backlog} unfinished jobs end with this process, because they were kept in the {Store} store")]
    private static partial void LogForgotten(ILogger logger, long backlog, string store);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopped: every job in hand has finished or was handed back")]
    private static partial void LogStopped(ILogger logger);
}
