using System.Collections.Concurrent;
using JobApi.Engine.Diagnostics;
using JobApi.Engine.Execution;
using JobApi.Engine.Storage;
using Microsoft.Extensions.Logging;

namespace JobApi.Engine.Completion;

/// <summary>
/// Ends of attempts that could not be stored with the others. Each is tried by itself, after pauses that grow, so that it keeps nobody waiting. One that
/// the store will not take while it takes others is stored as a failure, because its work is done and must not be done again.
/// </summary>
internal sealed partial class StubbornEnds(EndWriter writer, EngineHealth health, TimeProvider time, ILogger<StubbornEnds> logger)
{
    /// <summary>From this try on a failure is offered in its place. They take about 3 s.</summary>
    private const int PatientTries = 5;

    /// <summary>After so many, about 40 s, not even a failure can be stored, and the process cannot go on.</summary>
    private const int MaxTries = 10;

    private readonly ConcurrentDictionary<Task, bool> _trying = [];

    /// <summary>Takes care of an end from here on.</summary>
    public void Add(FinishedAttempt end)
    {
        var trying = TryAsync(end);
        _trying.TryAdd(trying, true);
        _ = trying.ContinueWith(done => _trying.TryRemove(done, out _), TaskScheduler.Default);
    }

    /// <summary>Completes when the last is stored, or given up.</summary>
    public Task FinishAsync() => Task.WhenAll(_trying.Keys);

    private async Task TryAsync(FinishedAttempt end)
    {
        var (tries, waits) = (0, 0);

        while (tries < MaxTries && !health.Fatal.IsCancellationRequested)
        {
            var pause = LoopSupervisor.PauseAfter(1 + tries + (health.IsDraining ? 0 : waits));
            await Task.Delay(pause, time, health.Fatal).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var refusal = await WriteAsync(end);

            if (refusal is { IsPassing: true } && !health.IsDraining)
            {
                // Says nothing of this end. Only a server that stops cannot wait for it.
                waits++;
                continue;
            }

            tries++;

            if (refusal is { IsPassing: false } && tries >= PatientTries)
            {
                refusal = await WriteAsync(AsFailure(end, refusal.Why));
            }

            if (refusal is null)
            {
                return;
            }
        }

        LogGivenUp(logger, end.Held.Job.Id, end.Held.Job.Attempt);
        health.CannotGoOn("the end of an attempt could not be stored");
    }

    /// <summary>One try; null when it is stored, else why not.</summary>
    private async Task<Refusal?> WriteAsync(FinishedAttempt end)
    {
        try
        {
            // No token: an attempt that was made is always recorded.
            return (await writer.WriteAsync([end], CancellationToken.None)).Count == 0 ? null : new Refusal("no answer");
        }
        catch (StoreException exception) when (exception.IsFinal)
        {
            health.StoreHasStopped("the store takes no more writes");
            return new Refusal(exception.Message);
        }
        catch (StoreException exception) when (exception.IsPassing)
        {
            return new Refusal(exception.Message, IsPassing: true);
        }
#pragma warning disable CA1031 // Whatever it is, the next try follows.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogRefused(logger, exception, end.Held.Job.Id, end.Held.Job.Attempt);
            return new Refusal(exception.GetType().Name);
        }
    }

    private static FinishedAttempt AsFailure(FinishedAttempt end, string refusal) => end.Outcome is null ? end : end with
    {
        Outcome = Errors.Failed(end.Held.Job, "not-stored", "The end of the attempt could not be stored",
            $"The handler ended, and the store took other ends but not this one ({refusal}). The work may be done."),
    };

    /// <summary>Why an end was not stored.</summary>
    private sealed record Refusal(string Why, bool IsPassing = false);

    [LoggerMessage(Level = LogLevel.Error, Message = "The end of attempt {Attempt} of job {JobId} could not be stored; it is tried again by itself")]
    private static partial void LogRefused(ILogger logger, Exception exception, Guid jobId, int attempt);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The end of attempt {Attempt} of job {JobId} is not stored and given up: the next start counts it as a crash")]
    private static partial void LogGivenUp(ILogger logger, Guid jobId, int attempt);
}
