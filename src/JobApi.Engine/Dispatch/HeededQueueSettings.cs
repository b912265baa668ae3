using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Engine.Dispatch;

/// <summary>The store's queue settings as the rest of the program sees them: a change is acted on at once, and the limits that this node keeps are known as well.</summary>
internal sealed class HeededQueueSettings(IQueueSettings store, OpenQueues queues, Isolation isolation, TypeLimits types) : IQueueSettings
{
    public ValueTask<IReadOnlyList<QueueStanding>> ListAsync(QueueQuery query, CancellationToken cancellationToken) => store.ListAsync(query, cancellationToken);

    public ValueTask<QueueStanding?> FindAsync(string queue, CancellationToken cancellationToken) => store.FindAsync(queue, cancellationToken);

    public async ValueTask<QueueStanding> ChangeAsync(string queue, QueueChange change, CancellationToken cancellationToken)
    {
        var now = await store.ChangeAsync(queue, change, cancellationToken);

        // A suspect that was held up with its queue has rung no bell since.
        isolation.SuspectMayWait();
        queues.Changed(now);

        return now;
    }

    public async ValueTask<Obstacle?> FindObstacleAsync(Job job, CancellationToken cancellationToken) =>
        await store.FindObstacleAsync(job, cancellationToken) ?? types.FindObstacle(job.Type);
}
