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
        await OneCaller.TimesAsync(WarmUp, () => SquareAsync(server));
        var milliseconds = await OneCaller.TimesAsync(Calls, () => SquareAsync(server));

        yield return new Measurement("idle: POST with wait to result, p50", milliseconds.Percentile(0.5), "ms", 1.5);
        yield return new Measurement("idle: POST with wait to result, p99", milliseconds.Percentile(0.99), "ms", 6);
    }

    private static async Task SquareAsync(ServerProcess server)
    {
        var job = await server.Client.SubmitAsync("square", new { number = 1_234_567 }, waitSeconds: 5);

        if (job.State() != "succeeded")
        {
            throw new InvalidOperationException($"The job ended {job.State()}.");
        }
    }
}
