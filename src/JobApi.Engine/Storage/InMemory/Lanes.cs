using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage.InMemory;

/// <summary>
/// The queued jobs: a lane for each type, and another for its suspects, so that a claim never steps over jobs it did not ask for.
/// </summary>
internal sealed class Lanes
{
    private readonly Dictionary<(string Type, bool IsSuspect), Lane> _lanes = [];

    public void Update(StoredJob stored, Job? before, Job? after)
    {
        var was = before?.State == JobState.Queued;
        var now = after?.State == JobState.Queued;

        if (was && now && before!.RunAt == after!.RunAt && before.Spec.Priority == after.Spec.Priority && LaneOf(before) == LaneOf(after))
        {
            return;
        }

        if (was && _lanes.TryGetValue(LaneOf(before!), out var left))
        {
            left.Remove(stored, before!);

            if (left.IsEmpty)
            {
                _lanes.Remove(LaneOf(before!));
            }
        }

        if (now)
        {
            if (!_lanes.TryGetValue(LaneOf(after!), out var entered))
            {
                _lanes[LaneOf(after!)] = entered = new Lane();
            }

            entered.Add(stored);
        }
    }

    /// <summary>How many queued jobs go before one, counted up to a bound. Suspects wait for a node of their own and are ahead of nobody.</summary>
    public int CountBefore(StoredJob stored, int max)
    {
        var count = 0;

        foreach (var ((_, isSuspect), lane) in _lanes)
        {
            count += isSuspect ? 0 : lane.CountBefore(stored, max - count);
        }

        return count;
    }

    /// <summary>The jobs a node can take, in the order of claims.</summary>
    public ClaimOrder For(ClaimRequest request)
    {
        var order = new ClaimOrder(request.Now);

        foreach (var type in request.Types)
        {
            if (_lanes.TryGetValue((type, request.IsForSuspect), out var lane))
            {
                order.Add(lane, request.TypeBudgets.GetValueOrDefault(type, int.MaxValue));
            }
        }

        return order;
    }

    private static (string Type, bool IsSuspect) LaneOf(Job job) => (job.Type, JobLifecycle.IsSuspect(job));
}
