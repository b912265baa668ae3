using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Engine.Tests.Support;

/// <summary>A reader that answers a number of lookups with an error.</summary>
internal sealed class ForgetfulReader : IJobReader
{
    private int _failures;

    public IJobReader Inner { get; set; } = null!;

    /// <summary>Lookups that will fail.</summary>
    public int Failures
    {
        get => Volatile.Read(ref _failures);
        set => Volatile.Write(ref _failures, value);
    }

    public ValueTask<Job?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        if (Failures > 0)
        {
            Interlocked.Decrement(ref _failures);
            throw new IOException("forgotten");
        }

        return Inner.FindAsync(id, cancellationToken);
    }

    public ValueTask<bool> IsGoneAsync(Guid id, CancellationToken cancellationToken) => Inner.IsGoneAsync(id, cancellationToken);

    public ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellationToken) => Inner.ListAsync(query, cancellationToken);

    public ValueTask<int?> PlaceAsync(Job job, int max, CancellationToken cancellationToken) => Inner.PlaceAsync(job, max, cancellationToken);

    public ValueTask<JobCounts> CountAsync(CancellationToken cancellationToken) => Inner.CountAsync(cancellationToken);

    public ValueTask<IReadOnlySet<Guid>> FilesInUseAsync(IReadOnlyCollection<Guid> files, CancellationToken cancellationToken) =>
        Inner.FilesInUseAsync(files, cancellationToken);
}
