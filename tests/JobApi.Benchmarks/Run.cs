using JobApi.Benchmarks.Comparing;
using JobApi.Benchmarks.Measures;
using JobApi.Benchmarks.Micro;

namespace JobApi.Benchmarks;

/// <summary>What was asked for: everything, a part, or a single measure.</summary>
internal static class Run
{
    private static readonly string Usage = $"""
        Usage: dotnet run -c Release --project tests/JobApi.Benchmarks -- ...
          (nothing)                      everything, one after the other
          --quick                        a short comparison
          {CompareOptions.Usage}
          {string.Join(' ', MeasureCommand.All.Select(measure => measure.Name))}
          {MicroCommand.Verb} [BenchmarkDotNet's options]
        """;

    /// <returns>0 when all went well, 1 when something failed, 2 when there is nothing to run. A missed bar is no failure.</returns>
    public static async Task<int> StartAsync(string[] words)
    {
        if (Obstacle is { } obstacle)
        {
            Console.Error.WriteLine(obstacle);
            return 2;
        }

        if (Choose(words) is not { } run)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        using var workspace = new Workspace();
        return await run();
    }

    private static string? Obstacle =>
#if DEBUG
        "Figures of a Debug build say nothing: dotnet run -c Release --project tests/JobApi.Benchmarks";
#else
        OperatingSystem.IsLinux() ? null : "What processes cost is read from /proc: the benchmarks run on Linux only.";
#endif

    private static Func<Task<int>>? Choose(string[] words) => words switch
    {
        [] => EverythingAsync,
        [CompareOptions.Quickly] => () => CompareCommand.RunAsync(CompareOptions.Quick),
        [CompareCommand.Verb, .. var rest] => CompareOptions.Parse(rest) is { } options ? () => CompareCommand.RunAsync(options) : null,
        [MicroCommand.Verb, .. var rest] => () => Task.FromResult(MicroCommand.Run(rest)),
        _ => MeasureCommand.Find(words) is { } measures ? () => MeasureCommand.RunAsync(measures) : null,
    };

    private static async Task<int> EverythingAsync() =>
        await CompareCommand.RunAsync(new CompareOptions()) | await MeasureCommand.RunAsync(MeasureCommand.Usual) | MicroCommand.Run([]);
}
