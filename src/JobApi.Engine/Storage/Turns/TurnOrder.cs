using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage.Turns;

/// <summary>
/// In which order waiting jobs are claimed: by priority, then in turns between the fairness keys of the queues, then by due time and arrival; and
/// which of them can be claimed at all. A store tells it of every job that begins or ceases to wait or to run, and asks it for the next; the jobs themselves stay
/// with the store. What is asked costs a logarithm of the number of lanes, whatever the number of jobs. One thread at a time.
/// </summary>
/// <param name="head">Finds the first job of a lane that may start at a moment; null when none may.</param>
public sealed partial class TurnOrder(Func<LaneKey, DateTimeOffset, Place?> head)
{
    /// <summary>Empty lanes of jobs without keys are kept as they are while there are not more lanes than this: the next job comes soon.</summary>
    private const int MaxKept = 1_000;

    private readonly Dictionary<LaneKey, Lane> _lanes = [];
    private readonly Dictionary<(string Type, bool IsSuspect), Branch> _types = [];
    private readonly Dictionary<(string Queue, string? FairnessKey, bool IsSuspect), Turn> _turns = [];
    private readonly Dictionary<string, QueueUse> _queues = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KeyUse> _keys = new(StringComparer.Ordinal);
    private long _lastTurn;
    private long _lastGuess;

    /// <summary>A job went from one state to another, or came, or went.</summary>
    public void Move(Job? before, Job? after)
    {
        var (was, now) = (before?.State == JobState.Queued, after?.State == JobState.Queued);

        if (before?.State == after?.State && !now)
        {
            return;
        }

        if (was && now)
        {
            Replace(LaneKey.Of(after!), Place.Of(before!), Place.Of(after!));
        }
        else if (was)
        {
            Leave(LaneKey.Of(before!), Place.Of(before!));
        }

        Count(before, -1);
        Count(after, 1);

        if (now && !was)
        {
            Enter(LaneKey.Of(after!), Place.Of(after!));
        }
    }

    /// <summary>What a node can take now, one by one.</summary>
    public ClaimTurns For(ClaimRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new(this, request);
    }

    /// <summary>Sets what people decided about a queue.</summary>
    public void Restrict(string queue, bool isPaused, int? limit)
    {
        Use(queue).Restrict(isPaused, limit);
        Forget(queue);
    }

    /// <summary>Puts waiting jobs in place that nobody has looked at. Their keys have no turns yet, so their first jobs decide.</summary>
    public void Load(LaneKey key, int count)
    {
        var lane = Add(key);
        lane.Turn.Waiting += count;
        lane.Guess(count, --_lastGuess);
    }

    /// <summary>Counts a job that runs already.</summary>
    public void LoadRunning(string queue, string? concurrencyKey) => Count(queue, concurrencyKey, 1);

    /// <summary>Forgets who has had a turn, as a new start does.</summary>
    public void ForgetTurns()
    {
        foreach (var turn in _turns.Values)
        {
            turn.Set(0);
        }
    }

    /// <summary>Whether a new job would start at once, given a hand: nothing of its queue and fairness key waits, and no limit applies to it.</summary>
    public bool IsFree(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);

        return spec.ConcurrencyKey is null && !(_queues.TryGetValue(spec.Queue, out var queue) && queue.IsRestricted)
            && !(_turns.TryGetValue((spec.Queue, spec.FairnessKey, IsSuspect: false), out var turn) && turn.Waiting > 0);
    }

    /// <summary>Whether a queue is paused or has a limit.</summary>
    public bool IsRestricted(string queue) => _queues.TryGetValue(queue, out var use) && use.IsRestricted;

    /// <summary>How many jobs of a queue run.</summary>
    public int RunningIn(string queue) => _queues.TryGetValue(queue, out var use) ? use.Running : 0;

    internal Branch? Of(string type, bool isSuspect) => _types.GetValueOrDefault((type, isSuspect));

    /// <summary>Looks at a lane again whose head has left or must not start any more.</summary>
    internal void Refresh(Lane lane, DateTimeOffset now) => lane.Found(head(lane.Key, now));

    /// <summary>A job of a lane was taken: others of other keys are next.</summary>
    internal void Served(Lane lane) => lane.Turn.Set(++_lastTurn);

    private void Enter(LaneKey key, Place place)
    {
        if (!_lanes.TryGetValue(key, out var lane))
        {
            lane = Add(key);
        }

        // A key that comes joins behind all others: however many come, each that is here already has its turn first.
        if (lane.Turn.Waiting++ == 0)
        {
            lane.Turn.Set(++_lastTurn);
        }

        lane.Add(place);
    }

    private void Replace(LaneKey key, Place from, Place to)
    {
        if (from != to && _lanes.TryGetValue(key, out var lane))
        {
            lane.Remove(from);
            lane.Add(to);
        }
    }

    private void Leave(LaneKey key, Place place)
    {
        if (!_lanes.TryGetValue(key, out var lane))
        {
            return;
        }

        lane.Remove(place);
        lane.Turn.Waiting--;

        if (lane.Count <= 0)
        {
            lane.Found(null);

            if (!key.IsPlain || _lanes.Count > MaxKept)
            {
                Remove(lane);
            }
        }
    }

    private Lane Add(LaneKey key)
    {
        var queue = Use(key.Queue);
        var type = Get(_types, (key.Type, key.IsSuspect), static _ => new Branch(null));
        var turns = Get(_turns, (key.Queue, key.FairnessKey, key.IsSuspect), static _ => new Turn());
        var inQueue = Get(queue.Branches, (key.Type, key.IsSuspect), _ => new QueueBranch(type, queue));
        var inTurn = Get(turns.Branches, key.Type, _ => new TurnBranch(inQueue, turns));
        var use = key.ConcurrencyKey is null ? null : Get(_keys, key.ConcurrencyKey, static _ => new KeyUse());
        var lane = _lanes[key] = new Lane(key, inTurn, turns, use);

        turns.Lanes++;
        inTurn.Lanes++;
        inQueue.Lanes++;
        use?.Lanes.Add(lane);

        return lane;
    }

    private void Remove(Lane lane)
    {
        var key = lane.Key;
        _lanes.Remove(key);
        lane.Use?.Lanes.Remove(lane);

        if (--lane.Parent!.Lanes == 0)
        {
            lane.Turn.Branches.Remove(key.Type);
        }

        if (--lane.Turn.Lanes == 0)
        {
            _turns.Remove((key.Queue, key.FairnessKey, key.IsSuspect));
        }

        if (--lane.Parent.Parent!.Lanes == 0)
        {
            _queues[key.Queue].Branches.Remove((key.Type, key.IsSuspect));
        }

        Forget(key.Queue);
        Forget(key.ConcurrencyKey, lane.Use);
    }

    private void Count(Job? job, int delta)
    {
        if (job?.State == JobState.Running)
        {
            Count(job.Queue, job.Spec.ConcurrencyKey, delta);
        }
    }

    private void Count(string queue, string? concurrencyKey, int delta)
    {
        Use(queue).Count(delta);
        Forget(queue);

        if (concurrencyKey is not null)
        {
            var use = Get(_keys, concurrencyKey, static _ => new KeyUse());
            use.Count(delta);
            Forget(concurrencyKey, use);
        }
    }

    private QueueUse Use(string queue) => Get(_queues, queue, static _ => new QueueUse());

    // Names come from callers, so nothing is kept of one that is not in use.
    private void Forget(string queue)
    {
        if (_queues.TryGetValue(queue, out var use) && use.IsUnused)
        {
            _queues.Remove(queue);
        }
    }

    private void Forget(string? concurrencyKey, KeyUse? use)
    {
        if (use?.IsUnused == true)
        {
            _keys.Remove(concurrencyKey!);
        }
    }

    private static TValue Get<TKey, TValue>(Dictionary<TKey, TValue> from, TKey key, Func<TKey, TValue> make)
        where TKey : notnull
    {
        if (!from.TryGetValue(key, out var value))
        {
            from[key] = value = make(key);
        }

        return value;
    }
}
