using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage.InMemory;

namespace JobApi.Engine.Storage;

public sealed partial class InMemoryJobStore
{
    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ControlOutcome>> CancelAsync(
        JobSelection which, Cancellation asked, DateTimeOffset now, CancellationToken cancellationToken) =>
        ApplyAsync(
            which,
            job => !job.State.IsTerminal() && job.CancelRequestedAt is null,
            stored => JobLifecycle.Cancel(stored.Job, asked, now) switch
            {
                null => stored.Job.State == JobState.Canceled ? ControlResult.AlreadyDone : ControlResult.WrongState,
                { } same when ReferenceEquals(same, stored.Job) => ControlResult.AlreadyDone,
                { } next => Put(stored, next).State == JobState.Canceled ? ControlResult.Done : ControlResult.Requested,
            });

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ControlOutcome>> RequeueAsync(JobSelection which, DateTimeOffset now, CancellationToken cancellationToken) =>
        ApplyAsync(
            which,
            job => job.State is JobState.Failed or JobState.Canceled,
            stored =>
            {
                if (JobLifecycle.Requeue(stored.Job, now) is not { } next)
                {
                    return ControlResult.WrongState;
                }

                if (next.Spec.Unique is { } unique && _unique.Holder(unique) is not null)
                {
                    return ControlResult.UniqueKeyHeld;
                }

                Put(stored, next);
                return ControlResult.Done;
            });

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ControlOutcome>> AmendAsync(
        JobSelection which, JobAmendment change, DateTimeOffset now, CancellationToken cancellationToken) =>
        ApplyAsync(
            which,
            job => JobLifecycle.Amend(job, change, now) is not null,
            stored =>
            {
                if (JobLifecycle.Amend(stored.Job, change, now) is not { } next)
                {
                    return change.IsTooMuchFor(stored.Job) ? ControlResult.TooMuch : ControlResult.WrongState;
                }

                Put(stored, next);
                return ControlResult.Done;
            });

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ControlOutcome>> DeleteAsync(JobSelection which, CancellationToken cancellationToken) =>
        ApplyAsync(
            which,
            job => job.State.IsTerminal(),
            stored =>
            {
                if (!stored.Job.State.IsTerminal())
                {
                    return ControlResult.WrongState;
                }

                Remove(stored);
                return ControlResult.Done;
            });

    /// <param name="which">Ids or a filter.</param>
    /// <param name="isWorthIt">Whether a job that a filter finds can be acted on.</param>
    /// <param name="act">Does it to one job.</param>
    private ValueTask<IReadOnlyList<ControlOutcome>> ApplyAsync(JobSelection which, Func<Job, bool> isWorthIt, Func<StoredJob, ControlResult> act)
    {
        lock (_gate)
        {
            var ids = which.Ids ?? Find(which.Filter!, isWorthIt, which.Max);
            var outcomes = new List<ControlOutcome>(ids.Count);

            foreach (var id in ids)
            {
                outcomes.Add(_jobs.TryGetValue(id, out var stored)
                    ? new ControlOutcome(id, which.IsMeant(stored.Job) ? act(stored) : ControlResult.NotMeant, stored.Job)
                    : new ControlOutcome(id, ControlResult.NotFound, null));
            }

            return new(outcomes);
        }
    }

    private Guid[] Find(JobFilter filter, Func<Job, bool> isWorthIt, int max) =>
        [.. _arrivals.Newest().Select(stored => stored.Job).Where(filter.Matches).Where(isWorthIt).Take(max).Select(job => job.Id)];
}
