using System.Diagnostics;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Sqlite;

public sealed partial class SqliteJobStore
{
    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Job>> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken) =>
        _writer.RunAsync<IReadOnlyList<Job>>(() => ClaimWaiting(request), request.Max, cancellationToken);

    private List<Job> ClaimWaiting(ClaimRequest request)
    {
        var claimed = Claim(request);

        if (!request.IsForSuspect)
        {
            _foundAll = claimed.Count == request.Limit ? Stopwatch.GetTimestamp() : null;
        }

        return claimed;
    }

    // When a claim last found as many jobs as it has hands; null when it found fewer, and then nothing waits that could run. The writer's thread's alone.
    private long? _foundAll;

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

            var job = _jobs.LoadWaiting(place.Sequence);
            claimed.Add(_jobs.Put(job, JobLifecycle.Claim(job, request.Node, request.Now, request.LeaseExpiresAt)));

            return true;
        });

        return claimed;
    }
}
