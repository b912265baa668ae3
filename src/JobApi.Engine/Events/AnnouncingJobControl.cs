using JobApi.Engine.Diagnostics;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Engine.Events;

/// <summary>The store's control with every effect announced: whoever cancels through it wakes the waiting requests and the running handler.</summary>
internal sealed class AnnouncingJobControl(IJobControl store, JobEvents events, JobMetrics metrics) : IJobControl
{
    public async ValueTask<IReadOnlyList<ControlOutcome>> CancelAsync(
        JobSelection which, Cancellation asked, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var outcomes = await store.CancelAsync(which, asked, now, cancellationToken);

        foreach (var outcome in outcomes)
        {
            if (outcome is { Result: ControlResult.Done, Job: { State: JobState.Canceled } job })
            {
                metrics.EndedUnheld(job);
            }
        }

        return Announce(outcomes);
    }

    public async ValueTask<IReadOnlyList<ControlOutcome>> RequeueAsync(JobSelection which, DateTimeOffset now, CancellationToken cancellationToken) =>
        Announce(await store.RequeueAsync(which, now, cancellationToken));

    public async ValueTask<IReadOnlyList<ControlOutcome>> AmendAsync(
        JobSelection which, JobAmendment change, DateTimeOffset now, CancellationToken cancellationToken) =>
        Announce(await store.AmendAsync(which, change, now, cancellationToken));

    public async ValueTask<IReadOnlyList<ControlOutcome>> DeleteAsync(JobSelection which, CancellationToken cancellationToken)
    {
        var outcomes = await store.DeleteAsync(which, cancellationToken);

        foreach (var outcome in outcomes)
        {
            if (outcome.Result == ControlResult.Done)
            {
                events.Removed(outcome.Id);
            }
        }

        return outcomes;
    }

    public async ValueTask<IReadOnlyList<Guid>> PurgeAsync(PurgeRequest request, CancellationToken cancellationToken)
    {
        var purged = await store.PurgeAsync(request, cancellationToken);

        foreach (var id in purged)
        {
            events.Removed(id);
        }

        return purged;
    }

    private IReadOnlyList<ControlOutcome> Announce(IReadOnlyList<ControlOutcome> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            if (outcome is { Result: ControlResult.Done or ControlResult.Requested, Job: { } job })
            {
                events.Changed(job);
            }
        }

        return outcomes;
    }
}
