using JobApi.Engine.Lifecycle;

namespace JobApi.Sqlite;

public sealed partial class SqliteJobStore
{
    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Job>> CompleteAsync(IReadOnlyList<JobCompletion> completions, CancellationToken cancellationToken) =>
        _writer.RunAsync<IReadOnlyList<Job>>(() => Complete(completions), completions.Count, cancellationToken);

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
