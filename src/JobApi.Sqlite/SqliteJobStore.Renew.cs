using JobApi.Engine.Storage;
using JobApi.Sqlite.Writing;

namespace JobApi.Sqlite;

public sealed partial class SqliteJobStore
{
    /// <inheritdoc />
    public ValueTask<RenewOutcome> RenewAsync(RenewRequest request, CancellationToken cancellationToken) =>
        _writer.RunAsync(() => Renew(request), request.Held.Count, cancellationToken, urgency: Urgency.Heartbeat);

    private RenewOutcome Renew(RenewRequest request)
    {
        var lost = new List<Guid>();
        var cancelRequested = new List<Guid>();

        foreach (var lease in request.Held)
        {
            if (Held(lease) is not { } job)
            {
                lost.Add(lease.JobId);
                continue;
            }

            _jobs.Renew(job, request.LeaseExpiresAt);

            if (job.CancelRequestedAt is not null)
            {
                cancelRequested.Add(lease.JobId);
            }
        }

        return new RenewOutcome(lost, cancelRequested);
    }
}
