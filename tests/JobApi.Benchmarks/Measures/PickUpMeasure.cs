using JobApi.Testing;

namespace JobApi.Benchmarks.Measures;

/// <summary>
/// How soon a waiting job starts once a worker falls idle: one worker, a queue of short sleeps, and for each job the time between
/// the end of the one before and its own start. The end is taken as start plus duration, so what lies between the two clocks counts
/// against us.
/// </summary>
internal sealed class PickUpMeasure : IMeasure
{
    private const int Jobs = 500;

    public string Name => "pickup";

    public async IAsyncEnumerable<Measurement> RunAsync()
    {
        await using var server = await ServerProcess.StartAsync("--JobApi:Store=memory", "--JobApi:Workers:MinWorkers=1", "--JobApi:Workers:MaxWorkers=1", "--JobApi:Stats:Enabled=false");
        var submitted = new List<System.Text.Json.JsonElement>();

        for (var i = 0; i < Jobs; i++)
        {
            submitted.Add(await server.Client.SubmitAsync("sleep", new { seconds = 0.005 }));
        }

        var gaps = new List<double>();
        DateTimeOffset? idleSince = null;

        foreach (var job in submitted)
        {
            var ended = await server.Client.EndOfAsync(job);
            var started = ended.GetProperty("startedAt").GetDateTimeOffset();

            if (idleSince is { } since)
            {
                gaps.Add((started - since).TotalMilliseconds);
            }

            idleSince = started + TimeSpan.FromMilliseconds(ended.GetProperty("durationMs").GetDouble());
        }

        yield return new Measurement("queued job starts after a worker falls idle, p50", gaps.Percentile(0.5), "ms", 1);
        yield return new Measurement("queued job starts after a worker falls idle, p99", gaps.Percentile(0.99), "ms");
    }
}
