using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Sqlite;

public sealed partial class SqliteJobStore
{
    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Job>> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken) =>
        _writer.RunAsync<IReadOnlyList<Job>>(() => Claim(request), request.Max, cancellationToken);

    /// <summary>Claims in the order of turns, and stops at the first job that is not newer than asked for.</summary>
    private List<Job> Claim(ClaimRequest request, long newerThan = 0)
    {
        var claimed = new List<Job>();

        _waiting.Take(request, place =>
        {
            if (claimed.Count == request.Limit || place.Sequence <= newerThan)
            {
                return false;
            }

            var job = _jobs.Load(place.Sequence);
            claimed.Add(_jobs.Put(job, JobLifecycle.Claim(job, request.Node, request.Now, request.LeaseExpiresAt)));

            return true;
        });

        return claimed;
    }
}
