using System.Diagnostics;
using System.Net.Http.Json;
using JobApi.Testing;

namespace JobApi.Benchmarks.Measures;

/// <summary>What more workers bring: for jobs that wait, their number; for jobs that compute, no more than there are processors.</summary>
internal sealed class WorkersMeasure : IMeasure
{
    private const double WaitSeconds = 0.1;
    private const int WaitsPerWorker = 40;
    private const int Photos = 24;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    public string Name => "workers";

    public async IAsyncEnumerable<Measurement> RunAsync()
    {
        await using var server = await ServerProcess.StartAsync("--JobApi:Store=sqlite", "--JobApi:Stats:Enabled=false");
        var wait = new { seconds = WaitSeconds };
        await RateAsync(server, workers: 16, jobs: 100, "sleep", wait);

        foreach (var workers in new[] { 1, 2, 4, 8, 16, 32, 64 })
        {
            var rate = await RateAsync(server, workers, workers * WaitsPerWorker, "sleep", wait);
            yield return new Measurement($"sleep of {WaitSeconds} s, {workers} workers", rate, "jobs/s");
            yield return new Measurement($"the same, of what {workers} workers could do at most", rate * WaitSeconds / workers, "");
        }

        var photo = await server.Client.UploadAsync(Pictures.Photo(), "image/jpeg");
        var resize = new { file = photo, width = 320, format = "webp" };
        await RateAsync(server, workers: 2, jobs: 4, "image-resize", resize);

        foreach (var workers in new[] { 1, 2, 4, 16, 64 })
        {
            yield return new Measurement($"12-megapixel photographs, {workers} workers", await RateAsync(server, workers, Photos, "image-resize", resize), "jobs/s");
        }
    }

    /// <summary>Jobs finished a second, from the first submission to the last end.</summary>
    private static async Task<double> RateAsync(ServerProcess server, int workers, int jobs, string type, object payload)
    {
        using var resized = await server.Client.PatchAsJsonAsync("/workers", new { minWorkers = workers, maxWorkers = workers });
        resized.EnsureSuccessStatusCode();

        var before = await server.Client.MetricAsync("processed");
        var start = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, jobs), async (_, _) => await server.Client.SubmitAsync(type, payload));

        while (await server.Client.MetricAsync("processed") - before < jobs)
        {
            await Task.Delay(Look, TimeProvider.System);
        }

        return jobs / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
