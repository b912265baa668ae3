using System.Diagnostics;
using JobApi.Benchmarks.Comparing;
using JobApi.Benchmarks.Peers;
using JobApi.Testing;

namespace JobApi.Benchmarks.Measures;

/// <summary>
/// What a server with so many queued jobs in its data file costs: to start, to keep, to submit to, to ask, and to work off. An empty one with the same settings
/// stands beside it.
/// </summary>
internal sealed class BacklogMeasure(string name, int jobs) : IMeasure
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    public string Name => name;

    public async IAsyncEnumerable<Measurement> RunAsync()
    {
        var filling = Stopwatch.GetTimestamp();
        using var backlog = await Backlog.MakeAsync(jobs, SquareRequests.Payload);
        yield return Row(new("stored without a server", jobs / Stopwatch.GetElapsedTime(filling).TotalSeconds, "jobs/s"));
        yield return Row(new("data file", new FileInfo(backlog.Path).Length / (1024.0 * 1024), "MiB"));

        var (empty, emptyTook) = await StartAsync();
        await using var disposeEmpty = empty;
        yield return Row(new("empty: start to first 200 of /health/ready", emptyTook.TotalSeconds, "s"));

        var (full, fullTook) = await StartAsync($"--JobApi:Sqlite:Path={backlog.Path}");
        await using var disposeFull = full;
        yield return Row(new("start to first 200 of /health/ready", fullTook.TotalSeconds, "s", 3));

        foreach (var step in new BacklogPair(empty, full, jobs).Steps)
        {
            foreach (var measurement in await step())
            {
                yield return Row(measurement);
            }
        }
    }

    private Measurement Row(Measurement measurement) => measurement with { What = $"{jobs:N0} queued: {measurement.What}" };

    /// <summary>As it is shipped.</summary>
    private static async Task<(RunningSystem Server, TimeSpan Took)> StartAsync(params string[] arguments)
    {
        var start = Stopwatch.GetTimestamp();
        var server = RunningSystem.Of(await ServerProcess.StartAsync(["--JobApi:Store=sqlite", .. arguments]));

        while (!await IsReadyAsync(server))
        {
            await Task.Delay(Look, TimeProvider.System);
        }

        return (server, Stopwatch.GetElapsedTime(start));
    }

    private static async Task<bool> IsReadyAsync(RunningSystem server)
    {
        using var answer = await server.Client.GetAsync("/health/ready");
        return answer.IsSuccessStatusCode;
    }
}
