using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage.Turns;

public sealed partial class TurnOrder
{
    private readonly Dictionary<Turn, Place> _cuts = [];

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
    /// The lanes that the next claims can come from, with their turns, to look ahead in while this one moves on; null when the first jobs of too many are not known: they left otherwise than by a claim, or were never looked at, and no claim has come there since.
    /// Suspects are left out: they wait for a node of their own and are ahead of nobody.
    /// </summary>
    /// <param name="next">Gives the jobs of a lane in order, the first one first.</param>
    /// <param name="max">How many claims the copy is for. It costs a look at so many turns, whatever the number of lanes.</param>
    public TurnOrder? Copy(Func<LaneKey, DateTimeOffset, Place?> next, int max)
    {
        if (FirstLanes.Of(_types.Where(type => !type.Key.IsSuspect).Select(type => type.Value), max) is not { } first)
        {
            return null;
        }

        var heads = new Dictionary<LaneKey, Place>();
        var copy = new TurnOrder(Behind) { _lastTurn = _lastTurn };

        foreach (var lane in first.Lanes)
        {
            copy.Load(lane.Key, lane.Count);
            var copied = copy._lanes[lane.Key];
            copied.Turn.Set(lane.Turn.Number);

            if (lane is { IsStale: false, Head: { } head })
            {
                heads[lane.Key] = head;
                copied.Found(head);
            }

            if (first.Cuts.TryGetValue(lane.Turn, out var cut))
            {
                copy._cuts[copied.Turn] = cut;
            }
        }

        return copy;

        // What is known is not asked for: the first answer is the job behind it.
        Place? Behind(LaneKey key, DateTimeOffset now)
        {
            var place = next(key, now);

            while (heads.TryGetValue(key, out var head) && place <= head)
            {
                place = next(key, now);
            }

            return place;
        }
    }

    /// <summary>
    /// At which place a job is claimed from here on, going by all types; null when it is not among the first so many, or stands behind lanes that were not copied. What it passes is gone.
    /// </summary>
    public int? PlaceOf(long sequence, int max)
    {
        var turns = new ClaimTurns(this, _types.Keys.Select(key => key.Type));

        for (var place = 1; place <= max && turns.Next() is { } next; place++)
        {
            var lane = _lanes[turns.Lane];

            if (_cuts.TryGetValue(lane.Turn, out var cut) && cut <= next)
            {
                return null;
            }

            if (next.Sequence == sequence)
            {
                return place;
            }

            lane.Pass();
            turns.Taken();
        }

        return null;
    }
}
