using System.Diagnostics;
using JobApi.Testing;

namespace JobApi.Benchmarks.Measures;

/// <summary>One caller at a time: submit a <c>square</c> with <c>Prefer: wait</c> and have the result in the same answer.</summary>
internal sealed class IdleMeasure : IMeasure
{
    private const int WarmUp = 10_000;
    private const int Calls = 10_000;

    public string Name => "idle";

    public async IAsyncEnumerable<Measurement> RunAsync()
    {
        await using var server = await ServerProcess.StartAsync("--JobApi:Store=memory", "--JobApi:Stats:Enabled=false");
        var milliseconds = new List<double>(Calls);

        for (var i = 0; i < WarmUp + Calls; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var job = await server.Client.SubmitAsync("square", new { number = i }, waitSeconds: 5);

            if (job.State() != "succeeded")
            {
                throw new InvalidOperationException($"The job ended {job.State()}.");
            }

            if (i >= WarmUp)
            {
                milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        yield return new Measurement("idle: POST with wait to result, p50", milliseconds.Percentile(0.5), "ms", 1.5);
        yield return new Measurement("idle: POST with wait to result, p99", milliseconds.Percentile(0.99), "ms", 6);
    }
}
