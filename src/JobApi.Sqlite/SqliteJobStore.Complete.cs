using JobApi.Engine.Lifecycle;

namespace JobApi.Sqlite;

public sealed partial class SqliteJobStore
{
    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Job>> CompleteAsync(IReadOnlyList<JobCompletion> completions, CancellationToken cancellationToken) =>
        _writer.RunAsync<IReadOnlyList<Job>>(
            () => Complete(completions), completions.Count, cancellationToken, isBetterLater: IsUrgent(completions) ? null : _ => _waiting.InOpenQueues == 0);

    /// <summary>
    /// Whether ends are to be on the disk at once. A single one that nobody waits for, of a job that does not run again, matters to nobody for a moment unless a job waits that could take its place: so
    /// whoever sends his next job when he has the answer to the last has both flushed with one flush. Several are company to each other.
    /// </summary>
    private static bool IsUrgent(IReadOnlyList<JobCompletion> completions) =>
        completions is not [{ IsAwaited: false, To: JobState.Succeeded or JobState.Failed or JobState.Canceled }];

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
