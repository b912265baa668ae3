using System.Diagnostics;
using JobApi.Testing;

namespace JobApi.Benchmarks.Measures;

/// <summary>From the start of the process to its first answer, and its memory once it idles.</summary>
internal sealed class StartMeasure : IMeasure
{
    private const int Starts = 7;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    public string Name => "start";

    public async IAsyncEnumerable<Measurement> RunAsync()
    {
        var seconds = new List<double>();

        for (var i = 0; i < Starts; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await using var server = await ServerProcess.StartAsync();
            using var answer = await server.Client.GetAsync("/health/live");
            answer.EnsureSuccessStatusCode();
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        yield return new Measurement($"start to first 200, median of {Starts}", seconds.Percentile(0.5), "s", 0.8);

        await using var idle = await ServerProcess.StartAsync();
        await idle.Client.GetStringAsync("/metrics");
        await Task.Delay(Rest, TimeProvider.System);
        yield return new Measurement("resident memory, idle", idle.ResidentMiB(), "MiB", 120);
    }
}
