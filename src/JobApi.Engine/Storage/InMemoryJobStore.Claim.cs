using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage;

public sealed partial class InMemoryJobStore
{
    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Job>> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(Claim(request));
        }
    }

    /// <summary>Claims in order, and stops at the first job that is not newer than asked for.</summary>
    private List<Job> Claim(ClaimRequest request, long newerThan = 0)
    {
        var claimed = new List<Job>();
        var order = _lanes.For(request);

        while (claimed.Count < request.Limit && order.First() is var lane and >= 0 && order.Head(lane) is var head && head.Sequence > newerThan)
        {
            claimed.Add(Put(head, JobLifecycle.Claim(head.Job, request.Node, request.Now, request.LeaseExpiresAt)));
            order.Taken(lane);
        }

        return claimed;
    }
}
