using JobApi.Engine.Storage;
using JobApi.Sqlite.Tables;

namespace JobApi.Sqlite;

public sealed partial class SqliteJobStore
{
    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Guid>> PurgeAsync(PurgeRequest request, CancellationToken cancellationToken) =>
        _writer.RunAsync<IReadOnlyList<Guid>>(() => Purge(request), request.Max, cancellationToken);

    private List<Guid> Purge(PurgeRequest request)
    {
        var gone = new List<Guid>();
        var kinds = new FinishedKinds(_removal, _counters, _options.Retention, request.Now, request.Max);

        Remove(kinds.TakeDue());

        foreach (var bound in request.Bounds)
        {
            Remove(kinds.TakeBeyond(bound));
        }

        _keys.Forget(request.Now, request.Max);

        return gone;

        void Remove(IEnumerable<Doomed> jobs)
        {
            List<Doomed> taken = [.. jobs.Take(request.Max - gone.Count)];
            _removal.Remove(taken);
            gone.AddRange(taken.Select(job => job.Id));
        }
    }
}
