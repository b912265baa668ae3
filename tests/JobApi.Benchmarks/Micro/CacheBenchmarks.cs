using System.Reflection;
using BenchmarkDotNet.Attributes;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Results;

namespace JobApi.Benchmarks.Micro;

/// <summary>The cache of recent jobs when it is full: one comes, another goes; and finding one.</summary>
public class CacheBenchmarks
{
    private const int Ring = 4_000;

    private readonly Job[] _jobs = [.. Enumerable.Range(0, Ring).Select(_ => SampleJobs.Finished())];
    private Action<Job> _put = null!;
    private Func<Guid, Job?> _find = null!;
    private int _next;
    private Guid _known;

    /// <summary>Makes the cache; it is internal to the engine.</summary>
    [GlobalSetup]
    public void Fill()
    {
        var type = typeof(ResultsOptions).Assembly.GetType("JobApi.Engine.Results.JobCache", throwOnError: true)!;
        var cache = Activator.CreateInstance(type, new ResultsOptions())!;
        _put = Method("Put").CreateDelegate<Action<Job>>(cache);
        _find = Method("Find").CreateDelegate<Func<Guid, Job?>>(cache);
        Array.ForEach(_jobs, _put);
        _known = _jobs[^1].Id;

        MethodInfo Method(string name) => type.GetMethod(name, BindingFlags.Public | BindingFlags.Instance)!;
    }

    /// <summary>The ring is twice as long as the cache, so each job has long been dropped when its turn comes again.</summary>
    [Benchmark]
    public void Put() => _put(_jobs[_next++ % Ring]);

    [Benchmark]
    public object? Find() => _find(_known);
}
