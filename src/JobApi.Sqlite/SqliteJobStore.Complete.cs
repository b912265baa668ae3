using JobApi.Engine.Lifecycle;

namespace JobApi.Sqlite;

public sealed partial class SqliteJobStore
{
    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Job>> CompleteAsync(IReadOnlyList<JobCompletion> completions, CancellationToken cancellationToken) =>
        _writer.RunAsync<IReadOnlyList<Job>>(
            () => Complete(completions), completions.Count, cancellationToken, isBetterLater: CanWait(completions) ? _ => _waiting.InOpenQueues == 0 : null);

    /// <summary>
    /// Whether ends need not be on the disk at once. A single one that nobody waits for, of a job that does not run again, matters to nobody for a moment if no job waits that might take its place: so whoever sends his next job when
    /// he has the answer to the last has both flushed with one flush. Several are company to each other.
    /// </summary>
    private static bool CanWait(IReadOnlyList<JobCompletion> completions) =>
        completions is [{ IsAwaited: false, To: JobState.Succeeded or JobState.Failed or JobState.Canceled }];

    private List<Job> Complete(IReadOnlyList<JobCompletion> completions)
    {
        var changed = new List<Job>(completions.Count);

        foreach (var completion in completions)
        {
            if (Held(completion.Lease) is { } job && JobLifecycle.Complete(job, completion) is { } next)
            {
                changed.Add(_jobs.EndAttempt(job, next, completion.At, completion.Worker, completion.Error));
            }
        }

        return changed;
    }
}
