using System.Diagnostics;
using JobApi.Testing;

namespace JobApi.Benchmarks.Measures;

/// <summary>Two hundred thousand <c>square</c> jobs, each its own POST, from 64 callers: all of them counted, and what is left of them.</summary>
internal sealed class VolumeMeasure : IMeasure
{
    private const int Jobs = 200_000;
    private const int Callers = 64;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public string Name => "volume";

    public async IAsyncEnumerable<Measurement> RunAsync()
    {
        await using var server = await ServerProcess.StartAsync("--JobApi:Store=memory", "--JobApi:MaxBacklog=1000000", "--JobApi:Stats:Enabled=false");
        var start = Stopwatch.GetTimestamp();

        await Parallel.ForEachAsync(Enumerable.Range(0, Callers), new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (_, _) =>
        {
            for (var i = 0; i < Jobs / Callers; i++)
            {
                await server.Client.SubmitAsync("square", new { number = i });
            }
        });

        var accepted = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var processed = 0L;

        while (processed < Jobs && Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(5))
        {
            await Task.Delay(Look, TimeProvider.System);
            processed = await server.Client.MetricAsync("processed");
        }

        yield return new Measurement($"{Jobs:N0} jobs, {Callers} callers: accepted (HttpClient shares the processors)", Jobs / accepted, "jobs/s");
        yield return new Measurement("of them not processed exactly once", Math.Abs(Jobs - processed), "jobs", 1);
        yield return new Measurement("resident memory with all of them kept", server.ResidentMiB(), "MiB");
    }
}
