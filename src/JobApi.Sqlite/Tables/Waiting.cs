using System.Runtime.InteropServices;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Storage.Turns;
using JobApi.Sqlite.Database;

namespace JobApi.Sqlite.Tables;

/// <summary>
/// In which order waiting jobs are claimed. The jobs stand in the file, by lane; what is kept here is which lanes there are, their first jobs,
/// whose turn it is, and how much of every limit is used. The writer's thread changes it within its transaction; anybody may ask it.
/// </summary>
internal sealed class Waiting
{
    /// <summary>The first jobs of a lane are looked up by so many, then by twice as many, and so on.</summary>
    private const int FirstLook = 4;

    private readonly Db _db;
    private readonly Counters _counters;
    private readonly RunningRows _running;
    private readonly Lock _gate = new();
    private readonly Dictionary<LaneKey, string> _names = [];
    private readonly Dictionary<LaneKey, Look> _looks = [];
    private readonly HashSet<string> _paused = new(StringComparer.Ordinal);
    private TurnOrder _order;
    private bool _isVoid;

    public Waiting(Db db, Counters counters, RunningRows running)
    {
        (_db, _counters, _running) = (db, counters, running);
        _order = new TurnOrder(FindHead);
        Load();
    }

    /// <summary>The lane of a job as it stands in the file, in its own row only where it has keys.</summary>
    public string NameOf(Job job) => NameOf(LaneKey.Of(job) with { IsSuspect = false });

    /// <summary>A job went from one place to another, or came, or went. Counted with it is what a new start has to know.</summary>
    public void Move(Job? before, Job? after)
    {
        lock (_gate)
        {
            Count(before, after);

            // What is void is loaded when it is needed, and then this move is in the counters and rows it is loaded from.
            if (!_isVoid)
            {
                _order.Move(before, after);
            }
        }
    }

    /// <summary>Takes jobs in the order of their turns, each moved by the caller before the next is given.</summary>
    /// <param name="request">What can be taken.</param>
    /// <param name="take">Takes a job; false to stop before it.</param>
    public void Take(ClaimRequest request, Func<Place, bool> take)
    {
        // Under the gate as well: a look at a lane moves it.
        lock (_gate)
        {
            var turns = Order.For(request);

            try
            {
                while (turns.Next() is { } place && take(place))
                {
                    turns.Taken();
                }

                turns.End();
            }
            finally
            {
                _looks.Clear();
            }
        }
    }

    /// <summary>Whether new jobs would all start at once, given hands: nothing that these could take waits, and nothing holds the jobs up. The writer's thread's alone.</summary>
    public bool AreFree(IReadOnlyList<JobSpec> jobs, ClaimRequest hands)
    {
        lock (_gate)
        {
            try
            {
                return (_counters.Queued == 0 || Order.For(hands).Next() is null) && AreFree(jobs);
            }
            finally
            {
                _looks.Clear();
            }
        }
    }

    private bool AreFree(IReadOnlyList<JobSpec> jobs)
    {
        // Asked for every submission, so it is a loop and no query.
        for (var place = 0; place < jobs.Count; place++)
        {
            if (!Order.IsFree(jobs[place]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a queue is paused or has a limit.</summary>
    public bool IsRestricted(string queue)
    {
        lock (_gate)
        {
            return _order.IsRestricted(queue);
        }
    }

    /// <summary>How many jobs wait in queues that are not paused. The writer's thread's alone, as all that is counted.</summary>
    public long InOpenQueues
    {
        get
        {
            if (_counters.Queued == 0)
            {
                return 0;
            }

            lock (_gate)
            {
                return _counters.Queued - _paused.Sum(queue => _counters[Counted.Queue, queue]);
            }
        }
    }

    public void Restrict(string queue, bool isPaused, int? limit)
    {
        lock (_gate)
        {
            Restrict(Order, new QueueSetting(queue, isPaused, limit));
        }
    }

    public int RunningIn(string queue)
    {
        lock (_gate)
        {
            return _order.RunningIn(queue);
        }
    }

    public Obstacle? FindObstacle(Job job)
    {
        lock (_gate)
        {
            return _order.FindObstacle(LaneKey.Of(job));
        }
    }

    /// <summary>The order as it stands, to look ahead in.</summary>
    public TurnOrder? Copy(Func<LaneKey, DateTimeOffset, Place?> next, int max)
    {
        lock (_gate)
        {
            return _order.Copy(next, max);
        }
    }

    /// <summary>Something was undone, so all of this may never have been. The counters know what is true.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _isVoid = true;
        }
    }

    /// <summary>Before a commit: who asks without writing is told what is true again.</summary>
    public void Refresh()
    {
        lock (_gate)
        {
            _ = Order;
        }
    }

    private TurnOrder Order
    {
        get
        {
            if (_isVoid)
            {
                _order = new TurnOrder(FindHead);
                Load();
            }

            return _order;
        }
    }

    private void Load()
    {
        foreach (var (name, count) in _counters.All(Counted.Lane))
        {
            _order.Load(LaneKey.Read(name, isSuspect: false), checked((int)count));
        }

        foreach (var (name, count) in _counters.All(Counted.SuspectLane))
        {
            _order.Load(LaneKey.Read(name, isSuspect: true), checked((int)count));
        }

        foreach (var lane in _running.LanesOfAll())
        {
            _order.LoadRunning(lane.Queue, lane.ConcurrencyKey);
        }

        _paused.Clear();

        foreach (var queue in QueueRows.Restricted(_db))
        {
            Restrict(_order, queue);
        }

        _isVoid = false;
    }

    private void Restrict(TurnOrder order, QueueSetting queue)
    {
        order.Restrict(queue.Name, queue.IsPaused, queue.Limit);
        _ = queue.IsPaused ? _paused.Add(queue.Name) : _paused.Remove(queue.Name);
    }

    private void Count(Job? before, Job? after)
    {
        if (IsUnfinished(before) != IsUnfinished(after))
        {
            _counters.Add(Counted.Unfinished, (after ?? before)!.Queue, IsUnfinished(after) ? 1 : -1);
        }

        if (before?.State != after?.State)
        {
            CountQueued(before, -1);
            CountQueued(after, 1);
        }
    }

    private static bool IsUnfinished(Job? job) => job?.State.IsTerminal() == false;

    private void CountQueued(Job? job, int delta)
    {
        if (job?.State == JobState.Queued)
        {
            _counters.Add(JobLifecycle.IsSuspect(job) ? Counted.SuspectLane : Counted.Lane, NameOf(job), delta);
        }
    }

    /// <summary>Lanes without keys are few and asked for with every job; of the others a name is as quickly made.</summary>
    private string NameOf(LaneKey key)
    {
        if (!key.IsPlain || _names.Count > 1_000)
        {
            return _names.TryGetValue(key, out var known) ? known : key.Write();
        }

        ref var name = ref CollectionsMarshal.GetValueRefOrAddDefault(_names, key, out _);
        return name ??= key.Write();
    }

    /// <summary>What is found is what the file says now, and nothing but taking the first jobs changes it while jobs are taken.</summary>
    private Place? FindHead(LaneKey key, DateTimeOffset now)
    {
        if (!_looks.TryGetValue(key, out var look))
        {
            _looks[key] = look = new Look();
        }

        if (look.Places.Count == 0 && !look.IsAll)
        {
            look.Max = look.Max == 0 ? FirstLook : 2 * look.Max;
            LaneRows.Heads(_db, key, NameOf(key with { IsSuspect = false }), now, look.Max, look.Places);
            look.IsAll = look.Places.Count < look.Max;
        }

        return look.Places.TryDequeue(out var head) ? head : null;
    }

    private sealed class Look
    {
        public Queue<Place> Places { get; } = [];

        public int Max { get; set; }

        public bool IsAll { get; set; }
    }
}
