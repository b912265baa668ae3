using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using JobApi.Testing;

namespace JobApi.Benchmarks.Measures;

/// <summary>What a server with so many queued jobs in its data file costs: to start, to keep, to ask, and to work off.</summary>
internal sealed class BacklogMeasure(string name, int jobs) : IMeasure
{
    private const int WarmUp = 2_000;
    private const int Calls = 500;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(10);

    public string Name => name;

    public async IAsyncEnumerable<Measurement> RunAsync()
    {
        var filling = Stopwatch.GetTimestamp();
        using var backlog = await Backlog.MakeAsync(jobs);
        yield return Row("stored without a server", jobs / Stopwatch.GetElapsedTime(filling).TotalSeconds, "jobs/s");
        yield return Row("data file", new FileInfo(backlog.Path).Length / (1024.0 * 1024), "MiB");

        var start = Stopwatch.GetTimestamp();
        await using var server = await ServerProcess.StartAsync(
            "--JobApi:Store=sqlite", $"--JobApi:Sqlite:Path={backlog.Path}", "--JobApi:MaxBacklog=20000000",
            "--JobApi:Workers:MinWorkers=1", "--JobApi:Workers:MaxWorkers=1", "--JobApi:Stats:Enabled=false");
        using var ready = await server.Client.GetAsync("/health/ready");
        ready.EnsureSuccessStatusCode();
        yield return Row("start to first 200 of /health/ready", Stopwatch.GetElapsedTime(start).TotalSeconds, "s", 3);

        await server.Client.GetStringAsync("/metrics");
        await Task.Delay(Rest, TimeProvider.System);
        yield return Row("resident memory, at rest", server.ResidentMiB(), "MiB");

        await TimesAsync(WarmUp, () => server.Client.SubmitAsync("square", new { number = 1 }));
        var submits = await TimesAsync(Calls, () => server.Client.SubmitAsync("square", new { number = 1 }));
        yield return Row("POST, one caller, p50", submits.Percentile(0.5), "ms");
        yield return Row("/metrics, p99", (await TimesAsync(Calls, () => server.Client.GetStringAsync("/metrics"))).Percentile(0.99), "ms", 20);
        yield return Row("first page of the list, p99", (await TimesAsync(Calls, () => server.Client.GetStringAsync("/jobs?pageSize=50"))).Percentile(0.99), "ms");

        using var resized = await server.Client.PatchAsJsonAsync("/workers", new { maxWorkers = 17, minWorkers = 17 });
        resized.EnsureSuccessStatusCode();
        var waits = await TimesAsync(Calls, () => server.Client.SubmitAsync("square", new { number = 1 }, waitSeconds: 10, priority: 50));
        yield return Row("POST with wait past all of them while they are worked off, p50", waits.Percentile(0.5), "ms");

        var (before, drain) = (await ProcessedAsync(server), Stopwatch.GetTimestamp());
        await Task.Delay(Drain, TimeProvider.System);
        yield return Row("worked off, 16 workers", (await ProcessedAsync(server) - before) / Stopwatch.GetElapsedTime(drain).TotalSeconds, "jobs/s");
        yield return Row("resident memory, after all this", server.ResidentMiB(), "MiB");
    }

    private Measurement Row(string what, double value, string unit, double? bar = null) => new($"{jobs:N0} queued: {what}", value, unit, bar);

    private static async Task<double> ProcessedAsync(ServerProcess server) =>
        (await server.Client.GetFromJsonAsync<JsonElement>("/metrics")).GetProperty("processed").GetInt64();

    private static async Task<List<double>> TimesAsync<T>(int calls, Func<Task<T>> call)
    {
        var milliseconds = new List<double>(calls);

        for (var i = 0; i < calls; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await call();
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return milliseconds;
    }
}
