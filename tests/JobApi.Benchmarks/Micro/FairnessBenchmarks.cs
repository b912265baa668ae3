using BenchmarkDotNet.Attributes;
using JobApi.Engine.Lifecycle;

namespace JobApi.Benchmarks.Micro;

/// <summary>Claiming 16 jobs from a file in which a million wait: all without a key, or all of one fairness key while ten others have jobs, too.</summary>
[InvocationCount(1)]
[IterationCount(200)]
[WarmupCount(20)]
public class FairnessBenchmarks
{
    private const int Backlog = 1_000_000;
    private const int PerCall = 1_000;

    private TemporarySqliteStore? _file;
    private IReadOnlyList<Job> _claimed = [];

    /// <summary>Whether the jobs have fairness keys.</summary>
    [Params(false, true)]
    public bool Keys { get; set; }

    /// <summary>Jobs a call.</summary>
    [Params(16)]
    public int Jobs { get; set; }

    [GlobalSetup]
    public async Task Open()
    {
        _file = new TemporarySqliteStore();

        for (var made = 0; made < Backlog; made += PerCall)
        {
            await _file.Store.InsertAsync(SampleJobs.Insert(Enumerable.Repeat(Keys ? "big" : null, PerCall)), CancellationToken.None);
        }
    }

    [GlobalCleanup]
    public void Close() => _file?.Dispose();

    /// <summary>As many as are claimed come in: with keys, one for each of ten others and the rest for the one with the backlog.</summary>
    [IterationSetup]
    public void Submit() => _file!.Store.InsertAsync(
        SampleJobs.Insert(Enumerable.Range(0, Jobs).Select(number => !Keys ? null : number < 10 ? $"key-{number}" : "big")), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    [Benchmark]
    public async Task<int> Claim() => (_claimed = await _file!.Store.ClaimAsync(SampleJobs.Claim(Jobs), CancellationToken.None)).Count;

    [IterationCleanup]
    public void Complete() => _file!.Store.CompleteAsync(SampleJobs.Succeed(_claimed), CancellationToken.None).AsTask().GetAwaiter().GetResult();
}
