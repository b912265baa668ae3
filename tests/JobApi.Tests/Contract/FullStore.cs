using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Tests.Contract;

/// <summary>A store that has no room for any change.</summary>
internal sealed class FullStore : IJobControl, IQueueSettings
{
    public ValueTask<IReadOnlyList<ControlOutcome>> CancelAsync(JobSelection which, Cancellation asked, DateTimeOffset now, CancellationToken cancellationToken) => throw new FullException();

    public ValueTask<IReadOnlyList<ControlOutcome>> RequeueAsync(JobSelection which, DateTimeOffset now, CancellationToken cancellationToken) => throw new FullException();

    public ValueTask<IReadOnlyList<ControlOutcome>> AmendAsync(JobSelection which, JobAmendment change, DateTimeOffset now, CancellationToken cancellationToken) => throw new FullException();

    public ValueTask<IReadOnlyList<ControlOutcome>> DeleteAsync(JobSelection which, CancellationToken cancellationToken) => throw new FullException();

    public ValueTask<IReadOnlyList<Guid>> PurgeAsync(PurgeRequest request, CancellationToken cancellationToken) => throw new FullException();

    public ValueTask<QueueStanding> ChangeAsync(string queue, QueueChange change, CancellationToken cancellationToken) => throw new FullException();

    public ValueTask<IReadOnlyList<QueueStanding>> ListAsync(QueueQuery query, CancellationToken cancellationToken) => new([]);

    public ValueTask<QueueStanding?> FindAsync(string queue, CancellationToken cancellationToken) => default;

    public ValueTask<Obstacle?> FindObstacleAsync(Job job, CancellationToken cancellationToken) => default;

    private sealed class FullException() : StoreException("The disk is full: nothing was stored.");
}
