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

        foreach (var due in _removal.FindDue(request.Now, request.Max))
        {
            Remove(due);
        }

        var kinds = new FinishedKinds(_removal, _counters, request.Max);

        foreach (var bound in request.Bounds)
        {
            while (gone.Count < request.Max && kinds.TakeBeyond(bound) is { } first)
            {
                Remove(first);
            }
        }

        _keys.Forget(request.Now, request.Max);

        return gone;

        void Remove(Doomed job)
        {
            _removal.Remove(job);
            gone.Add(job.Id);
        }
    }
}
