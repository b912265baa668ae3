using System.Threading.Channels;
using JobApi.Engine.Diagnostics;
using JobApi.Engine.Events;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using Microsoft.Extensions.Logging;

namespace JobApi.Engine.Completion;

/// <summary>
/// Stores the ends of attempts: many outcomes, one write. Workers do not wait for the write, only for room in the buffer, so a
/// slow store slows the workers down instead of filling the memory.
/// </summary>
internal sealed partial class CompletionBuffer(
    IJobQueue store, IJobReader reader, HistoryWriter history, HeldJobs heldJobs, JobEvents events, JobMetrics metrics, TimeProvider time, ILogger<CompletionBuffer> logger)
    : IEngineLoop
{
    private const int MaxBatch = 1_000;
    private const int Capacity = 4 * MaxBatch;

    private readonly Channel<FinishedAttempt> _finished = Channel.CreateBounded<FinishedAttempt>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    // Owned by the loop. A field, so that a batch whose write failed is written again when the loop is restarted: completions
    // are fenced, and writing one twice changes nothing.
    private readonly List<FinishedAttempt> _batch = [];

    public string Name => "completion buffer";

    /// <summary>Hands the end of an attempt over.</summary>
    public ValueTask AddAsync(FinishedAttempt finished) =>
        // No token: an attempt that was made is always recorded.
        _finished.Writer.WriteAsync(finished, CancellationToken.None);

    /// <summary>No more ends will come; the loop ends when the last is stored.</summary>
    public void Close() => _finished.Writer.TryComplete();

    /// <summary>Runs until the buffer is closed and empty.</summary>
    public async Task RunAsync(Heartbeat heartbeat, CancellationToken stop)
    {
        while (_batch.Count > 0 || await heartbeat.RestUntilAsync(_finished.Reader.WaitToReadAsync(stop)))
        {
            while (_batch.Count < MaxBatch && _finished.Reader.TryRead(out var finished))
            {
                _batch.Add(finished);
            }

            await WriteAsync(stop);
            _batch.Clear();
        }
    }

    private async Task WriteAsync(CancellationToken stop)
    {
        // A handler's last words are stored before its end, after which they would be refused.
        await history.FlushAsync(_batch.Select(finished => finished.Held), stop);

        var completions = new List<JobCompletion>(_batch.Count);
        var now = time.GetUtcNow();

        foreach (var finished in _batch)
        {
            if (finished.Outcome is { } outcome)
            {
                completions.Add(RetryPolicy.Settle(finished.Held.Job, outcome, now, finished.Duration, NextJitter(), finished.Worker));
            }
        }

        var changed = completions.Count == 0 ? [] : await store.CompleteAsync(completions, stop);

        foreach (var finished in _batch)
        {
            heldJobs.Remove(finished.Held);
        }

        await AnnounceAsync(completions, changed, stop);
    }

    private async Task AnnounceAsync(List<JobCompletion> completions, IReadOnlyList<Job> changed, CancellationToken stop)
    {
        // The store answers in the order of the completions, leaving out those it refused.
        var next = 0;

        foreach (var completion in completions)
        {
            if (next < changed.Count && (changed[next].Id, changed[next].Attempt) == (completion.Lease.JobId, completion.Lease.Attempt))
            {
                metrics.Ended(changed[next], completion);
                events.Changed(changed[next++]);
            }
            else
            {
                await ResolveRefusalAsync(completion, stop);
            }
        }
    }

    /// <summary>
    /// A refused end is either too late, or it was stored by an earlier write of this batch whose answer got lost. The store
    /// knows, and whoever waits for the job hears of it either way.
    /// </summary>
    private async Task ResolveRefusalAsync(JobCompletion completion, CancellationToken stop)
    {
        var job = await reader.FindAsync(completion.Lease.JobId, stop);

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
    }

#pragma warning disable CA5394 // Back-off jitter is no secret.
    private static double NextJitter() => Random.Shared.NextDouble();
#pragma warning restore CA5394

    [LoggerMessage(Level = LogLevel.Warning, Message = "The end of attempt {Attempt} of job {JobId} was refused: another attempt has begun, or the job is gone")]
    private static partial void LogRefused(ILogger logger, Guid jobId, int attempt);
}
