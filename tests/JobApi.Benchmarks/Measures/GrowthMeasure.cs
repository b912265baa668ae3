using System.Diagnostics;
using JobApi.Benchmarks.Comparing;
using JobApi.Benchmarks.Load;
using JobApi.Benchmarks.Peers;

namespace JobApi.Benchmarks.Measures;

/// <summary>
/// Whether a job costs the same after millions of them in one run. At each milestone a turn of JobApi stands between two of the bare endpoint, so that
/// a machine that has become slower meanwhile is not taken for a server that has.
/// </summary>
internal sealed class GrowthMeasure(string name, int millions) : IMeasure
{
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Fill = TimeSpan.FromSeconds(10);

    private readonly TurnTaker _turns = new(LoadGenerator.Best);
    private readonly Scenario _post = Scenario.All.First(scenario => scenario.Name == Scenario.Usual);

    public string Name => name;

    public async IAsyncEnumerable<Measurement> RunAsync()
    {
        var contenders = Contenders.All(new AnswerSizes(800, 800, 800)).ToDictionary(contender => contender.Name);
        await using var server = await contenders[Contenders.Model].StartAsync();
        await using var bare = await contenders[Contenders.Bare].StartAsync();
        await TakeAsync(bare, Turn);
        Milestone? first = null, last = null;

        foreach (var jobs in (long[])[10_000, 100_000, .. Enumerable.Range(1, millions).Select(million => million * 1_000_000L)])
        {
            while (await server.CompletedAsync() < jobs)
            {
                await TakeAsync(server, jobs > 100_000 ? Fill : TimeSpan.FromSeconds(1));
            }

            last = await MeasureAsync(server, bare);
            first ??= last;
            yield return new Measurement($"after {jobs:N0} jobs: accepted and completed", last.Turn.Completed, "jobs/s");
            yield return new Measurement($"after {jobs:N0} jobs: of bare Kestrel", last.OfBare, "");
            yield return new Measurement($"after {jobs:N0} jobs: processor time a job", last.Turn.CpuMicroseconds, "µs");
            yield return new Measurement($"after {jobs:N0} jobs: resident memory", last.Turn.ResidentMiB, "MiB");
            yield return new Measurement($"after {jobs:N0} jobs: /metrics", last.MetricsMs, "ms", 20);
        }

        yield return new Measurement($"after {millions} million, compared with 10,000: time of a job, measured in bare answers", first!.OfBare / last!.OfBare, "", 1.15);
        yield return new Measurement($"after {millions} million, compared with 10,000: processor time of a job", last.Turn.CpuMicroseconds / first.Turn.CpuMicroseconds, "", 1.15);
    }

    private async Task<Milestone> MeasureAsync(RunningSystem server, RunningSystem bare)
    {
        var before = await TakeAsync(bare, Turn);
        var turn = await TakeAsync(server, Turn);
        var after = await TakeAsync(bare, Turn);

        var asked = Stopwatch.GetTimestamp();
        await server.CompletedAsync();
        return new Milestone(turn, turn.Completed / ((before.Completed + after.Completed) / 2), Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
    }

    private async Task<Turn> TakeAsync(RunningSystem system, TimeSpan duration) =>
        await _turns.TakeAsync(system, _post, await _post.RequestsAsync(system), duration);

    private sealed record Milestone(Turn Turn, double OfBare, double MetricsMs);
}
