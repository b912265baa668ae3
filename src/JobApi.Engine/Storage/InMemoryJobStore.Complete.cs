using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage.InMemory;

namespace JobApi.Engine.Storage;

public sealed partial class InMemoryJobStore
{
    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Job>> CompleteAsync(IReadOnlyList<JobCompletion> completions, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var changed = new List<Job>(completions.Count);

            foreach (var completion in completions)
            {
                if (Held(completion.Lease) is { } stored && JobLifecycle.Complete(stored.Job, completion) is { } next)
                {
                    changed.Add(EndAttempt(stored, next, completion.At, completion.Worker, completion.Error));
                }
            }

            return new(changed);
        }
    }

    /// <inheritdoc />
    public ValueTask<RenewOutcome> RenewAsync(RenewRequest request, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var lost = new List<Guid>();
            var cancelRequested = new List<Guid>();

            foreach (var lease in request.Held)
            {
                if (Held(lease) is not { } stored)
                {
                    lost.Add(lease.JobId);
                    continue;
                }

                if (Put(stored, JobLifecycle.Renew(stored.Job, request.LeaseExpiresAt)).CancelRequestedAt is not null)
                {
                    cancelRequested.Add(lease.JobId);
                }
            }

            return new(new RenewOutcome(lost, cancelRequested));
        }
    }

    private Job EndAttempt(StoredJob stored, Job next, DateTimeOffset at, string? worker, JobError? error)
    {
        var ran = stored.Job;
        var dropped = stored.Record(new AttemptRecord(ran.Attempt, ran.Node, worker, ran.StartedAt ?? at, at, next.State, next.Waiting, error));
        return Put(stored, dropped == 0 ? next : next with { HistoryBytes = next.HistoryBytes - dropped });
    }
}
