namespace JobApi.Engine.Workers;

public sealed class WorkerPool
{
    /// <summary>The pool as it is now.</summary>
    public PoolSnapshot Snapshot() => throw new NotImplementedException();

    /// <summary>The worker that has this job in hand now, if any.</summary>
    public string? WorkerOf(Guid jobId) => throw new NotImplementedException();

    /// <summary>Changes the bounds at run time; the size follows at once. Throws <see cref="ArgumentOutOfRangeException"/> outside 1..<see cref="MaxSize"/> or when min exceeds max.</summary>
    public void Resize(int minWorkers, int maxWorkers) => throw new NotImplementedException();

    /// <summary>The most workers a pool may have.</summary>
    public const int MaxSize = 1_024;
}
