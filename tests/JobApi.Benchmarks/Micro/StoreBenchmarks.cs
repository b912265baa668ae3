using BenchmarkDotNet.Attributes;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Benchmarks.Micro;

/// <summary>A store's three steps of a job. Each call is measured alone, with what it needs made ready before.</summary>
[InvocationCount(1)]
[IterationCount(200)]
[WarmupCount(50)]
public abstract class StoreBenchmarks
{
    private InsertRequest? _insert;
    private IReadOnlyList<Job> _claimed = [];
    private JobCompletion[] _completions = [];

    /// <summary>Jobs a call.</summary>
    [Params(1, 64, 1_000)]
    public int Jobs { get; set; }

    private protected IJobQueue Store { get; set; } = null!;

    [IterationSetup(Target = nameof(Insert))]
    public void BeforeInsert() => _insert = SampleJobs.Insert(Jobs);

    [Benchmark]
    public async Task<int> Insert() => (await Store.InsertAsync(_insert!, CancellationToken.None)).Count;

    [IterationSetup(Target = nameof(Claim))]
    public void BeforeClaim() => Store.InsertAsync(SampleJobs.Insert(Jobs), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    [Benchmark]
    public async Task<int> Claim() => (_claimed = await Store.ClaimAsync(SampleJobs.Claim(Jobs), CancellationToken.None)).Count;

    [IterationSetup(Target = nameof(Complete))]
    public void BeforeComplete() => _completions = SampleJobs.Succeed(SampleJobs.InsertClaimedAsync(Store, Jobs).GetAwaiter().GetResult());

    [Benchmark]
    public async Task<int> Complete() => (await Store.CompleteAsync(_completions, CancellationToken.None)).Count;

    /// <summary>What was inserted or claimed is ended, so that every call finds the same store.</summary>
    [IterationCleanup]
    public void WorkOff()
    {
        Store.CompleteAsync(SampleJobs.Succeed(_claimed), CancellationToken.None).AsTask().GetAwaiter().GetResult();

        if (_insert is not null)
        {
            var rest = Store.ClaimAsync(SampleJobs.Claim(Jobs), CancellationToken.None).AsTask().GetAwaiter().GetResult();
            Store.CompleteAsync(SampleJobs.Succeed(rest), CancellationToken.None).AsTask().GetAwaiter().GetResult();
        }

        (_insert, _claimed) = (null, []);
    }
}

/// <summary>The store in memory.</summary>
public class InMemoryStoreBenchmarks : StoreBenchmarks
{
    [GlobalSetup]
    public void Open() => Store = new InMemoryJobStore(new StoreOptions());
}

/// <summary>The store in a file, every call with its fsync.</summary>
public class SqliteStoreBenchmarks : StoreBenchmarks
{
    private TemporarySqliteStore? _file;

    [GlobalSetup]
    public void Open() => Store = (_file = new TemporarySqliteStore()).Store;

    [GlobalCleanup]
    public void Close() => _file?.Dispose();
}
