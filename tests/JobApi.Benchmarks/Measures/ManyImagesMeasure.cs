using System.Diagnostics;
using JobApi.Testing;

namespace JobApi.Benchmarks.Measures;

/// <summary>Fifty photographs at once on four workers, while somebody keeps asking whether the server lives.</summary>
internal sealed class ManyImagesMeasure : IMeasure
{
    private const int Photos = 50;

    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromMilliseconds(10);

    public string Name => "images";

    public async IAsyncEnumerable<Measurement> RunAsync()
    {
        await using var server = await ServerProcess.StartAsync("--JobApi:Store=memory", "--JobApi:Workers:MinWorkers=4", "--JobApi:Workers:MaxWorkers=4", "--JobApi:Stats:Enabled=false");
        var photo = await server.Client.UploadAsync(Pictures.Photo(), "image/jpeg");
        var start = Stopwatch.GetTimestamp();
        var jobs = await Task.WhenAll(Enumerable.Range(0, Photos).Select(_ => server.Client.SubmitAsync("image-resize", new { file = photo, width = 320, format = "webp" })));
        var ending = Task.WhenAll(jobs.Select(server.Client.EndOfAsync));
        var health = new List<double>();

        while (!ending.IsCompleted)
        {
            var asked = Stopwatch.GetTimestamp();
            await server.Client.GetStringAsync("/health/live");
            health.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            await Task.Delay(BetweenQuestions, TimeProvider.System);
        }

        var ended = await ending;
        var took = Stopwatch.GetElapsedTime(start).TotalSeconds;

        if (ended.Any(job => job.State() != "succeeded"))
        {
            throw new InvalidOperationException("Not every photograph was resized.");
        }

        yield return new Measurement($"{Photos} such photographs at once, 4 workers: resident memory at its highest", server.PeakResidentMiB(), "MiB", 400);
        yield return new Measurement($"meanwhile GET /health/live, p99 of {health.Count}", health.Percentile(0.99), "ms", 50);
        yield return new Measurement("all of them", took, "s");
    }
}
