using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage.Turns;

namespace JobApi.Engine.Storage;

public sealed partial class InMemoryJobStore : IQueueSettings
{
    /// <inheritdoc />
    public ValueTask<IReadOnlyList<QueueStanding>> ListAsync(QueueQuery query, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new([.. _queues.All
                .Where(queue => query.After is null || string.CompareOrdinal(queue.Name, query.After) > 0)
                .Where(queue => !query.OnlyRestricted || queue.IsPaused || queue.ConcurrencyLimit is not null)
                .Take(query.Max)]);
        }
    }

    /// <inheritdoc />
    public ValueTask<QueueStanding?> FindAsync(string queue, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(_queues.Find(queue));
        }
    }

    /// <inheritdoc />
    public ValueTask<QueueStanding> ChangeAsync(string queue, QueueChange change, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var was = _queues.Find(queue) ?? new QueueStanding(queue);
            var (isPaused, limit) = change.Apply(was.IsPaused, was.ConcurrencyLimit);

            if (was is { IsPaused: false, ConcurrencyLimit: null } && (isPaused || limit is not null) && _queues.Restricted >= QueueChange.MaxRestricted)
            {
                throw new TooManyQueuesException();
            }

            _queues.Restrict(queue, isPaused, limit);
            _waiting.Order.Restrict(queue, isPaused, limit);

            return new(was with { IsPaused = isPaused, ConcurrencyLimit = limit });
        }
    }

    /// <inheritdoc />
    public ValueTask<Obstacle?> FindObstacleAsync(Job job, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(_waiting.Order.FindObstacle(LaneKey.Of(job)));
        }
    }

    /// <summary>What a new start of a store in a file does: it does not know any more who has had a turn.</summary>
    internal void ForgetTurns()
    {
        lock (_gate)
        {
            _waiting.Order.ForgetTurns();
        }
    }
}
