using System.Runtime.InteropServices;

namespace JobApi.Engine.Storage.Turns;

/// <summary>
/// The jobs a node can take, one by one. Whoever takes the job he was given moves it, tells so, and asks for the next.
/// </summary>
public sealed class ClaimTurns
{
    private readonly TurnOrder _order;
    private readonly DateTimeOffset _now;
    private readonly List<TypeTurn> _types = [];
    private readonly List<Lane> _served = [];
    private Lane? _lane;
    private int _index;

    internal ClaimTurns(TurnOrder order, ClaimRequest request)
    {
        (_order, _now) = (order, request.Now);

        foreach (var type in request.Types)
        {
            if (order.Of(type, request.IsForSuspect) is { } jobs && request.TypeBudgets.GetValueOrDefault(type, int.MaxValue) is > 0 and var budget)
            {
                _types.Add(new TypeTurn(jobs, budget));
            }
        }
    }

    /// <summary>A look at jobs of these types that run beside others, whether they are past their expiry or not.</summary>
    internal ClaimTurns(TurnOrder order, IEnumerable<string> types)
    {
        (_order, _now) = (order, DateTimeOffset.MinValue);
        _types.AddRange(types.Select(type => new TypeTurn(order.Of(type, isSuspect: false)!, int.MaxValue)));
    }

    /// <summary>The lane of the job that was given.</summary>
    public LaneKey Lane => _lane!.Key;

    /// <summary>The job whose turn it is; null when there is none.</summary>
    public Place? Next()
    {
        while (First() is { } lane)
        {
            if (!lane.IsStale && lane.Head is { } head && head.ExpiryTicks > _now.UtcTicks)
            {
                _lane = lane;
                return head;
            }

            _order.Refresh(lane, _now);
        }

        return null;
    }

    /// <summary>The job that was given is taken, and moved.</summary>
    public void Taken()
    {
        _order.Served(_lane!);
        _served.Add(_lane!);
        CollectionsMarshal.AsSpan(_types)[_index].Budget--;
    }

    /// <summary>
    /// No more are taken. Lanes that jobs were taken from are looked at once more, while what was found in them is at hand: a lane whose first job is not known
    /// could stand anywhere, and nobody could say who comes before whom.
    /// </summary>
    public void End()
    {
        foreach (var lane in _served)
        {
            if (lane.IsStale)
            {
                _order.Refresh(lane, _now);
            }
        }
    }

    /// <summary>Types are few, so a walk beats a heap.</summary>
    private Lane? First()
    {
        Rank? best = null;
        var types = CollectionsMarshal.AsSpan(_types);

        for (var index = 0; index < types.Length; index++)
        {
            if (types[index] is { Budget: > 0, Jobs.FirstRank: { } rank } && (best is null || rank.CompareTo(best.Value) < 0))
            {
                (best, _index) = (rank, index);
            }
        }

        if (best is null)
        {
            return null;
        }

        var branch = types[_index].Jobs.First;

        while (branch is not Turns.Lane)
        {
            branch = branch!.First;
        }

        return (Lane)branch;
    }

    private record struct TypeTurn(Branch Jobs, int Budget);
}
