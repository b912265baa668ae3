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
        var turns = _waiting.Order.For(request);

        while (claimed.Count < request.Limit && turns.Next() is { } place && place.Sequence > newerThan)
        {
            var first = _waiting.First(turns.Lane);
            claimed.Add(Put(first, JobLifecycle.Claim(first.Job, request.Node, request.Now, request.LeaseExpiresAt)));
            turns.Taken();
        }

        turns.End();
        return claimed;
    }
}
