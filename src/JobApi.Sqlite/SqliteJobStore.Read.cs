using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Storage.Turns;
using JobApi.Sqlite.Database;
using JobApi.Sqlite.Tables;

namespace JobApi.Sqlite;

public sealed partial class SqliteJobStore
{
    /// <inheritdoc />
    public ValueTask<Job?> FindAsync(Guid id, CancellationToken cancellationToken) => _readers.ReadAsync(db => JobReads.Find(db, id), cancellationToken);

    /// <inheritdoc />
    public ValueTask<bool> IsGoneAsync(Guid id, CancellationToken cancellationToken) =>
        _readers.ReadAsync(db => Tombstones.Contains(db, id), cancellationToken);

    /// <inheritdoc />
    public ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellationToken) =>
        _readers.ReadAsync(db => JobReads.Page(db, Walk(db, query.Filter, query.Before, query.PageSize)), cancellationToken);

    /// <inheritdoc />
    public ValueTask<JobCounts> CountAsync(CancellationToken cancellationToken) => _readers.ReadAsync(Count, cancellationToken);

    private const string LongestWaiting = "SELECT run_at FROM waiting INDEXED BY waiting_oldest WHERE state = 1 ORDER BY run_at LIMIT 1";

    private const string FileUse = "SELECT seq FROM file_use WHERE file = $file LIMIT 1";

    /// <inheritdoc />
    public ValueTask<IReadOnlySet<Guid>> FilesInUseAsync(IReadOnlyCollection<Guid> files, CancellationToken cancellationToken) =>
        _readers.ReadAsync<IReadOnlySet<Guid>>(
            db => files.Where(file => db[FileUse].With(JobReads.Key(file)).Number() is not null).ToHashSet(), cancellationToken);

    /// <summary>From the file and not from the writer's memory, so that it never tells of what is not committed.</summary>
    private static JobCounts Count(Db db)
    {
        var states = Counters.Load(db, Counted.State);
        var suspects = Counters.Load(db, Counted.Suspect);

        return new JobCounts
        {
            ByState = Enum.GetValues<JobState>().ToDictionary(state => state, state => states.GetValueOrDefault(Counters.Name(state))),
            QueuedByQueue = Counters.Load(db, Counted.Queue),
            QueuedByType = Counters.Load(db, Counted.Type),
            SuspectsByType = suspects,
            OpenSuspectsByType = suspects.Count == 0 ? suspects : OpenSuspects(db),
            OldestQueuedSince = db[LongestWaiting].With().Number() is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
            Bytes = Counters.Load(db, Counted.Bytes, string.Empty),
        };
    }

    private static Dictionary<string, long> OpenSuspects(Db db)
    {
        var paused = QueueRows.Restricted(db).Where(queue => queue.IsPaused).Select(queue => queue.Name).ToHashSet(StringComparer.Ordinal);

        return Counters.Load(db, Counted.SuspectLane)
            .Select(lane => (Key: LaneKey.Read(lane.Key, isSuspect: true), Count: lane.Value))
            .Where(lane => !paused.Contains(lane.Key.Queue))
            .GroupBy(lane => lane.Key.Type, StringComparer.Ordinal)
            .ToDictionary(type => type.Key, type => type.Sum(lane => lane.Count), StringComparer.Ordinal);
    }
}
