using System.Reflection;
using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using JobApi.Benchmarks.Comparing;
using JobApi.Contracts;
using JobApi.Engine.Execution;
using JobApi.Testing;

namespace JobApi.Benchmarks.Micro;

/// <summary>What a submission goes through before it is a job: the strict look at its bytes, and reading them.</summary>
public class SubmissionBenchmarks
{
    private static readonly CheckJson Strict = FindCheck();

    private readonly byte[] _body = Encoding.UTF8.GetBytes(SquareRequests.Job);

    private delegate PayloadError? CheckJson(ReadOnlySpan<byte> utf8);

    [Benchmark]
    public bool StrictJson() => Strict(_body) is null;

    [Benchmark]
    public object? Deserialise() => JsonSerializer.Deserialize(_body, JobApiJson.Wire.SubmitJobRequest);

    /// <summary>The server's own check; it is internal to the program, which is not linked here.</summary>
    private static CheckJson FindCheck() => Assembly.LoadFrom(ServerProcess.Assembly)
        .GetType("JobApi.Validation.StrictJson", throwOnError: true)!
        .GetMethod("Check", BindingFlags.Public | BindingFlags.Static)!
        .CreateDelegate<CheckJson>();
}
