using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Sqlite.Database;
using JobApi.Sqlite.Tables;

namespace JobApi.Sqlite;

public sealed partial class SqliteJobStore : IQueueSettings
{
    /// <inheritdoc />
    public ValueTask<IReadOnlyList<QueueStanding>> ListAsync(QueueQuery query, CancellationToken cancellationToken) => _readers.ReadAsync<IReadOnlyList<QueueStanding>>(
        db =>
        {
            var restricted = QueueRows.Restricted(db).ToDictionary(queue => queue.Name, StringComparer.Ordinal);
            var names = query.OnlyRestricted ? restricted.Keys : restricted.Keys.Union(Counters.Names(db, Counted.Unfinished, query.After, query.Max), StringComparer.Ordinal);

            return [.. names
                .Where(name => query.After is null || string.CompareOrdinal(name, query.After) > 0)
                .Order(StringComparer.Ordinal)
                .Take(query.Max)
                .Select(name => Stand(db, restricted.GetValueOrDefault(name, new QueueSetting(name, false, null))))];
        },
        cancellationToken);

    /// <inheritdoc />
    public ValueTask<QueueStanding?> FindAsync(string queue, CancellationToken cancellationToken) => _readers.ReadAsync(
        db => Stand(db, QueueRows.Find(db, queue)) is var standing && standing == new QueueStanding(queue) ? null : standing, cancellationToken);

    /// <inheritdoc />
    public ValueTask<QueueStanding> ChangeAsync(string queue, QueueChange change, CancellationToken cancellationToken) =>
        _writer.RunAsync(() => Change(queue, change), weight: 1, cancellationToken);

    /// <inheritdoc />
    public ValueTask<Obstacle?> FindObstacleAsync(Job job, CancellationToken cancellationToken) => new(_waiting.FindObstacle(job));

    private QueueStanding Change(string queue, QueueChange change)
    {
        var was = QueueRows.Find(_db, queue);
        var (isPaused, limit) = change.Apply(was.IsPaused, was.Limit);
        var now = new QueueSetting(queue, isPaused, limit);

        if (!was.IsRestricted && now.IsRestricted && QueueRows.Count(_db) >= QueueChange.MaxRestricted)
        {
            throw new TooManyQueuesException();
        }

        QueueRows.Put(_db, now);
        _waiting.Restrict(queue, isPaused, limit);

        return Stand(now, _counters[Counted.Unfinished, queue], _counters[Counted.Queue, queue], OldestIn(_db, queue));
    }

    private QueueStanding Stand(Db db, QueueSetting queue) =>
        Stand(queue, Counters.Load(db, Counted.Unfinished, queue.Name), Counters.Load(db, Counted.Queue, queue.Name), OldestIn(db, queue.Name));

    /// <summary>What runs is counted in memory, a moment ahead of what is committed; the rest follows from it.</summary>
    private QueueStanding Stand(QueueSetting queue, long unfinished, long queued, DateTimeOffset? oldest)
    {
        var running = Math.Clamp(_waiting.RunningIn(queue.Name), 0, unfinished - queued);

        return new QueueStanding(queue.Name)
        {
            IsPaused = queue.IsPaused,
            ConcurrencyLimit = queue.Limit,
            Queued = queued,
            Scheduled = unfinished - queued - running,
            Running = running,
            OldestQueuedSince = oldest,
        };
    }

    private const string LongestWaitingIn = "SELECT run_at FROM waiting INDEXED BY waiting_queue WHERE state = 1 AND queue = $queue ORDER BY run_at LIMIT 1";

    private static DateTimeOffset? OldestIn(Db db, string queue) =>
        db[LongestWaitingIn].With(queue).Number() is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
}
