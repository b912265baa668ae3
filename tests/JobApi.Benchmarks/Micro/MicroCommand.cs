using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Environments;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using JobApi.Testing;

namespace JobApi.Benchmarks.Micro;

/// <summary><c>micro</c>: the hot rooms one by one. What follows are BenchmarkDotNet's own options, such as <c>--filter *Sqlite*</c>.</summary>
internal static class MicroCommand
{
    public const string Verb = "micro";

    public static int Run(string[] options)
    {
        // In this process: the generated projects of the usual way do not fit our central versions and lock files.
        var config = DefaultConfig.Instance
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance).WithRuntime(CoreRuntime.Core10_0))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumn(new PerJobColumn())
            .WithArtifactsPath(Path.Combine(ServerProcess.Repository, "artifacts", "benchmarks", "micro"));

        var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly).Run(options.Length == 0 ? ["--filter", "*"] : options, config);
        return summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : 0;
    }
}
