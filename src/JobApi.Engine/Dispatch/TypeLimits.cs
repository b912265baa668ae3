using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Engine.Dispatch;

/// <summary>How many more jobs of the limited types this node may run. What a claim may use is taken before the claim and the rest given back after.</summary>
internal sealed class TypeLimits(HandlerRegistry handlers)
{
    private static readonly Dictionary<string, int> Unlimited = [];

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _free =
        handlers.All.Where(type => type.MaxConcurrency is not null).ToDictionary(type => type.Name, type => type.MaxConcurrency!.Value, StringComparer.Ordinal);

    // Places of a type that claims hold which may yet give them back: no job runs there.
    private readonly Dictionary<string, int> _reserved = new(StringComparer.Ordinal);

    /// <summary>Whether only so many jobs of a type run at a time.</summary>
    public bool IsLimited(string type) => _free.ContainsKey(type);

    /// <summary>Takes up to so many places of every limited type.</summary>
    public IReadOnlyDictionary<string, int> TakeAll(int max)
    {
        if (_free.Count == 0)
        {
            return Unlimited;
        }

        lock (_gate)
        {
            var taken = new Dictionary<string, int>(_free.Count, StringComparer.Ordinal);

            foreach (var (type, free) in _free)
            {
                taken[type] = Math.Min(free, max);
            }

            foreach (var (type, count) in taken)
            {
                Reserve(type, count);
            }

            return taken;
        }
    }

    /// <summary>
    /// Takes up to so many places of one type; types without a limit give none and need none. Other types that have no place left are named as well, with none: their
    /// jobs could not be claimed, so nobody has to wait behind them.
    /// </summary>
    public IReadOnlyDictionary<string, int> Take(string type, int max)
    {
        if (_free.Count == 0)
        {
            return Unlimited;
        }

        lock (_gate)
        {
            Dictionary<string, int>? taken = null;

            foreach (var (limited, free) in _free)
            {
                if (limited == type || free == 0)
                {
                    (taken ??= new(StringComparer.Ordinal))[limited] = limited == type ? Math.Min(free, max) : 0;
                }
            }

            if (taken?.TryGetValue(type, out var count) == true)
            {
                Reserve(type, count);
            }

            return taken ?? Unlimited;
        }
    }

    /// <summary>How many of these waiting jobs, by type, would find a place now: those of types without a handler none, those of limited types as many as places are free.</summary>
    public long Fitting(IReadOnlyDictionary<string, long> waiting)
    {
        lock (_gate)
        {
            return waiting.Where(pair => handlers.Names.Contains(pair.Key)).Sum(pair => Math.Min(pair.Value, _free.GetValueOrDefault(pair.Key, int.MaxValue)));
        }
    }

    /// <summary>The limit of a type, while jobs run in all of its places.</summary>
    public Obstacle? FindObstacle(string type)
    {
        lock (_gate)
        {
            var limit = handlers.Find(type)?.MaxConcurrency ?? 0;
            return _free.TryGetValue(type, out var free) && free + _reserved.GetValueOrDefault(type) == 0 ? new Obstacle(WaitingReason.TypeLimit, limit, limit) : null;
        }
    }

    /// <summary>A claim has used so many of the places of a type that it took, and gives back the others.</summary>
    public void Settle(string type, int taken, int used)
    {
        lock (_gate)
        {
            _reserved[type] = _reserved.GetValueOrDefault(type) - taken;
        }

        Release(type, taken - used);
    }

    private void Reserve(string type, int count)
    {
        _free[type] -= count;
        _reserved[type] = _reserved.GetValueOrDefault(type) + count;
    }

    /// <summary>Gives places back; true when the type had none left, so that a waiting job may now fit.</summary>
    public bool Release(string type, int count)
    {
        if (_free.Count == 0 || count == 0)
        {
            return false;
        }

        lock (_gate)
        {
            if (!_free.TryGetValue(type, out var free))
            {
                return false;
            }

            _free[type] = free + count;
            return free == 0;
        }
    }
}
