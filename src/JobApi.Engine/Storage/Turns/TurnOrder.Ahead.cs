using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage.Turns;

public sealed partial class TurnOrder
{
    /// <summary>The most lanes a look ahead goes over.</summary>
    private const int MaxCopied = 2_000;

    /// <summary>What keeps a job from being claimed, whatever waits before it.</summary>
    public Obstacle? FindObstacle(LaneKey lane)
    {
        var queue = _queues.GetValueOrDefault(lane.Queue);
        var running = lane.ConcurrencyKey is null ? 0 : _keys.GetValueOrDefault(lane.ConcurrencyKey)?.Running ?? 0;

        return queue?.IsPaused == true ? new Obstacle(WaitingReason.Paused)
            : queue?.Running >= queue?.Limit ? new Obstacle(WaitingReason.QueueLimit, queue!.Running, queue.Limit!.Value)
            : lane.ConcurrencyKey is not null && running >= lane.ConcurrencyLimit ? new Obstacle(WaitingReason.ConcurrencyKey, running, lane.ConcurrencyLimit)
            : null;
    }

    /// <summary>
    /// The lanes whose jobs can be claimed, with their turns, to look ahead in while this one moves on; null when they are too many to look at.
    /// Suspects are left out: they wait for a node of their own and are ahead of nobody.
    /// </summary>
    /// <param name="next">Gives the jobs of a lane in order, the first one first.</param>
    public TurnOrder? Copy(Func<LaneKey, DateTimeOffset, Place?> next)
    {
        if (_lanes.Count > MaxCopied)
        {
            return null;
        }

        var copy = new TurnOrder(next) { _lastTurn = _lastTurn };

        foreach (var lane in _lanes.Values.Where(lane => lane is { Count: > 0, Key.IsSuspect: false } && FindObstacle(lane.Key) is null))
        {
            copy.Load(lane.Key, lane.Count);
            copy._lanes[lane.Key].Turn.Set(lane.Turn.Number);
        }

        return copy;
    }

    /// <summary>At which place a job is claimed from here on, going by all types; null when it is not among the first so many. What it passes is gone.</summary>
    public int? PlaceOf(long sequence, int max)
    {
        var turns = new ClaimTurns(this, _types.Keys.Select(key => key.Type));

        for (var place = 1; place <= max && turns.Next() is { } next; place++)
        {
            if (next.Sequence == sequence)
            {
                return place;
            }

            _lanes[turns.Lane].Pass();
            turns.Taken();
        }

        return null;
    }
}
