using JobApi.Engine.Diagnostics;
using JobApi.Engine.Events;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Results;
using JobApi.Engine.Storage;
using Microsoft.Extensions.Logging;

namespace JobApi.Engine.Completion;

/// <summary>Stores ends of attempts, all in one write, and announces what came of each.</summary>
internal sealed partial class EndWriter(
    IJobQueue store, IJobReader reader, HistoryWriter history, HeldJobs heldJobs, ResultsStore results, JobEvents events, JobMetrics metrics, TimeProvider time, ILogger<EndWriter> logger)
{
    /// <summary>
    /// Stores ends. When it throws, none of them is known to be stored, and all may be written again: ends are fenced, and writing one twice
    /// changes nothing. What is stored is announced and counted once, whatever happens then.
    /// </summary>
    /// <param name="ends">The ends.</param>
    /// <param name="stop">Gives up.</param>
    /// <param name="othersFollow">Whether more are written when these are: then somebody waits for each.</param>
    /// <returns>Ends that the store refused, without an answer to the question why: they are to be written again.</returns>
    public async Task<IReadOnlyList<FinishedAttempt>> WriteAsync(IReadOnlyList<FinishedAttempt> ends, CancellationToken stop, bool othersFollow = false)
    {
        // A handler's last words are stored before its end, after which they would be refused.
        await history.FlushAsync(ends.Select(end => end.Held), stop);

        var now = time.GetUtcNow();
        var toStore = ends.Where(end => end.Outcome is not null).ToList();
        var completions = toStore.ConvertAll(end => Settle(end, now, othersFollow));
        var changed = completions.Count == 0 ? [] : await store.CompleteAsync(completions, stop);

        foreach (var end in ends)
        {
            heldJobs.Remove(end.Held);
        }

        return await AnnounceAsync(toStore, completions, changed, stop);
    }

    private JobCompletion Settle(FinishedAttempt end, DateTimeOffset now, bool othersFollow)
    {
        var completion = RetryPolicy.Settle(end.Held.Job, end.Outcome!, now, end.Duration, NextJitter(), end.Worker);

        return othersFollow || results.IsAwaited(completion.Lease.JobId) ? completion with { IsAwaited = true } : completion;
    }

    private async Task<IReadOnlyList<FinishedAttempt>> AnnounceAsync(
        List<FinishedAttempt> ends, List<JobCompletion> completions, IReadOnlyList<Job> changed, CancellationToken stop)
    {
        // The store answers in the order of the completions, leaving out those it refused.
        var next = 0;
        var open = new List<FinishedAttempt>();

        for (var index = 0; index < completions.Count; index++)
        {
            var completion = completions[index];

            if (next < changed.Count && (changed[next].Id, changed[next].Attempt) == (completion.Lease.JobId, completion.Lease.Attempt))
            {
                metrics.Ended(changed[next], completion);
                events.Changed(changed[next++]);
            }
            else if (!await TryResolveAsync(completion, stop))
            {
                open.Add(ends[index]);
            }
        }

        return open;
    }

    /// <summary>
    /// A refused end is either too late, or it was stored by an earlier write whose answer got lost. The store knows, and whoever waits for
    /// the job hears of it either way. False when the store does not answer.
    /// </summary>
    private async Task<bool> TryResolveAsync(JobCompletion completion, CancellationToken stop)
    {
        Job? job;

        try
        {
            job = await reader.FindAsync(completion.Lease.JobId, stop);
        }
#pragma warning disable CA1031 // The other ends of this write are stored, and must not be written and counted again because of this one.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogUnresolved(logger, exception, completion.Lease.JobId, completion.Lease.Attempt);
            return false;
        }

        if (job?.Attempt == completion.Lease.Attempt && job.State == completion.To)
        {
            metrics.Ended(job, completion);
        }
        else
        {
            metrics.CompletionRefused();
            LogRefused(logger, completion.Lease.JobId, completion.Lease.Attempt);
        }

        if (job is not null)
        {
            events.Changed(job);
        }

        return true;
    }

#pragma warning disable CA5394 // Back-off jitter is no secret.
    private static double NextJitter() => Random.Shared.NextDouble();
#pragma warning restore CA5394

    [LoggerMessage(Level = LogLevel.Warning, Message = "The end of attempt {Attempt} of job {JobId} was refused: another attempt has begun, or the job is gone")]
    private static partial void LogRefused(ILogger logger, Guid jobId, int attempt);

    [LoggerMessage(Level = LogLevel.Error, Message = "The end of attempt {Attempt} of job {JobId} was refused, and why could not be read")]
    private static partial void LogUnresolved(ILogger logger, Exception exception, Guid jobId, int attempt);
}
