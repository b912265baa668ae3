using BenchmarkDotNet.Attributes;
using JobApi.Engine.Lifecycle;

namespace JobApi.Benchmarks.Micro;

/// <summary>Claiming 16 jobs from a file, with nothing else in it or with many that wait behind them.</summary>
[InvocationCount(1)]
[IterationCount(200)]
[WarmupCount(50)]
public class ClaimBenchmarks
{
    private const int PerCall = 1_000;

    private TemporarySqliteStore? _file;
    private IReadOnlyList<Job> _claimed = [];

    /// <summary>Jobs that wait all the time.</summary>
    [Params(0, 100_000)]
    public int Backlog { get; set; }

    /// <summary>Jobs a call.</summary>
    [Params(16)]
    public int Jobs { get; set; }

    [GlobalSetup]
    public async Task Open()
    {
        _file = new TemporarySqliteStore();

        for (var made = 0; made < Backlog; made += PerCall)
        {
            await _file.Store.InsertAsync(SampleJobs.Insert(PerCall), CancellationToken.None);
        }
    }

    [GlobalCleanup]
    public void Close() => _file?.Dispose();

    /// <summary>As many as are claimed come in behind, so the backlog stays as long as it is.</summary>
    [IterationSetup]
    public void Submit() => _file!.Store.InsertAsync(SampleJobs.Insert(Jobs), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    [Benchmark]
    public async Task<int> Claim() => (_claimed = await _file!.Store.ClaimAsync(SampleJobs.Claim(Jobs), CancellationToken.None)).Count;

    [IterationCleanup]
    public void Complete() => _file!.Store.CompleteAsync(SampleJobs.Succeed(_claimed), CancellationToken.None).AsTask().GetAwaiter().GetResult();
}
