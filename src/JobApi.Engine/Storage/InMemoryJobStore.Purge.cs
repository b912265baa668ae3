using JobApi.Engine.Storage.InMemory;

namespace JobApi.Engine.Storage;

public sealed partial class InMemoryJobStore
{
    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Guid>> PurgeAsync(PurgeRequest request, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var gone = new List<Guid>();

            while (gone.Count < request.Max && NextToPurge(request) is { } stored)
            {
                Remove(stored);
                gone.Add(stored.Job.Id);
            }

            _keys.Forget(request.Now, request.Max);

            return new(gone);
        }
    }

    private StoredJob? NextToPurge(PurgeRequest request) =>
        _purgeable.FirstDue(request.Now) ?? request.Bounds.Select(_finished.FirstBeyond).FirstOrDefault(stored => stored is not null);
}
