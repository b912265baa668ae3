using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Sqlite.Tables;

/// <summary>
/// Finished jobs by type and by how they ended, for one round of deleting on the writer's thread. How much each kind keeps is counted with every
/// write; of its jobs only those are read that go, a few at a time.
/// </summary>
internal sealed class FinishedKinds(Removal removal, Counters counters, int max)
{
    private const int Stretch = 64;

    private readonly List<Kind> _kinds = [.. counters.FinishedKinds().Select(kind => new Kind(kind.State, kind.Type))];

    /// <summary>The next job to delete because a bound is exceeded: of those it covers, the one that ended first. Whoever takes it deletes it.</summary>
    public Doomed? TakeBeyond(ByteBound bound)
    {
        var covered = _kinds.FindAll(kind => bound.Covers(kind.Type, kind.State));

        return covered.Sum(kind => counters.Finished(kind.State, kind.Type)) > bound.MaxBytes && covered.MinBy(Head)?.Queue is { Count: > 0 } queue
            ? queue.Dequeue().Job
            : null;
    }

    private (long FinishedAt, long Sequence) Head(Kind kind)
    {
        if (kind.Queue.Count == 0 && counters.Finished(kind.State, kind.Type) > 0)
        {
            foreach (var found in removal.FindEndedFirst(kind.State, kind.Type, Math.Min(Stretch, max)))
            {
                kind.Queue.Enqueue(found);
            }
        }

        return kind.Queue.TryPeek(out var first) ? (first.FinishedAt, first.Job.Sequence) : (long.MaxValue, 0);
    }

    private sealed record Kind(JobState State, string Type)
    {
        public Queue<(long FinishedAt, Doomed Job)> Queue { get; } = [];
    }
}
