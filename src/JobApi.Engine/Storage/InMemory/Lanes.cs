using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage.InMemory;

/// <summary>The queued jobs: a lane for each type, so that a claim never steps over jobs of types it did not ask for.</summary>
internal sealed class Lanes
{
    private readonly Dictionary<string, Lane> _byType = new(StringComparer.Ordinal);

    public void Update(StoredJob stored, Job? before, Job? after)
    {
        var was = before?.State == JobState.Queued;
        var now = after?.State == JobState.Queued;

        if (was && now && before!.RunAt == after!.RunAt && before.Spec.Priority == after.Spec.Priority)
        {
            return;
        }

        if (was && _byType.TryGetValue(before!.Type, out var left))
        {
            left.Remove(stored, before);

            if (left.IsEmpty)
            {
                _byType.Remove(before.Type);
            }
        }

        if (now)
        {
            if (!_byType.TryGetValue(after!.Type, out var entered))
            {
                _byType[after.Type] = entered = new Lane();
            }

            entered.Add(stored);
        }
    }

    /// <summary>How many queued jobs go before one, counted up to a bound.</summary>
    public int CountBefore(StoredJob stored, int max)
    {
        var count = 0;

        foreach (var lane in _byType.Values)
        {
            count += lane.CountBefore(stored, max - count);
        }

        return count;
    }

    /// <summary>The jobs a node can take, in the order of claims.</summary>
    public ClaimOrder For(ClaimRequest request)
    {
        var order = new ClaimOrder(request.Now);

        foreach (var type in request.Types)
        {
            if (_byType.TryGetValue(type, out var lane))
            {
                order.Add(lane, request.TypeBudgets.GetValueOrDefault(type, int.MaxValue));
            }
        }

        return order;
    }
}
