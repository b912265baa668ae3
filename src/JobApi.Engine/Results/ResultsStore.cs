using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Results;

public sealed class ResultsStore
{
    /// <summary>The job of this id: from the cache, else from the store; null when there is none.</summary>
    public ValueTask<Job?> FindAsync(Guid id, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Waits until the job satisfies a condition, the time is up or the caller gives up; returns the latest snapshot, or null when there is no such job.</summary>
    public ValueTask<Job?> WaitAsync(Guid id, Func<Job, bool> until, TimeSpan atMost, CancellationToken cancellationToken) => throw new NotImplementedException();
}
