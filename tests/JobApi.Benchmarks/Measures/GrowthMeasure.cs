using System.Diagnostics;
using JobApi.Benchmarks.Comparing;
using JobApi.Benchmarks.Load;
using JobApi.Benchmarks.Peers;

namespace JobApi.Benchmarks.Measures;

/// <summary>
/// Whether a job costs the same after millions of them in one run. At each milestone five turns of JobApi each stand between two of the bare endpoint, so that
/// a machine that has become slower meanwhile, or is for a moment, is not taken for a server that has. Figures are the medians of the five.
/// </summary>
internal sealed class GrowthMeasure(string name, int millions) : IMeasure
{
    private const int Turns = 5;

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Fill = TimeSpan.FromSeconds(10);

    private readonly TurnTaker _turns = new(LoadGenerator.Best);
    private readonly Scenario _post = Scenario.All.First(scenario => scenario.Name == Scenario.Usual);

    public string Name => name;

    public async IAsyncEnumerable<Measurement> RunAsync()
    {
        var contenders = Contenders.All(new AnswerSizes(800, 800, 800)).ToDictionary(contender => contender.Name);
        await using var server = await contenders[Contenders.Model].StartAsync();
        await using var bare = await contenders[Contenders.Bare].StartAsync();
        await TakeAsync(bare, Long);
        Milestone? first = null, last = null;

        foreach (var jobs in (long[])[10_000, 100_000, .. Enumerable.Range(1, millions).Select(million => million * 1_000_000L)])
        {
            // The first turns are short, or the job after ten thousand would be one after half a million.
            var isEarly = jobs <= 100_000;

            while (await server.CompletedAsync() < jobs)
            {
                await TakeAsync(server, isEarly ? Short : Fill);
            }

            last = await MeasureAsync(server, bare, isEarly ? Short : Long);
            first ??= last;
            yield return new Measurement($"after {jobs:N0} jobs: accepted and completed", last.Completed, "jobs/s");
            yield return new Measurement($"after {jobs:N0} jobs: of bare Kestrel", last.OfBare, "");
            yield return new Measurement($"after {jobs:N0} jobs: processor time a job", last.CpuMicroseconds, "µs");
            yield return new Measurement($"after {jobs:N0} jobs: processor time in that of bare answers", last.CpuInBare, "");
            yield return new Measurement($"after {jobs:N0} jobs: resident memory", last.ResidentMiB, "MiB");
            yield return new Measurement($"after {jobs:N0} jobs: /metrics", last.MetricsMs, "ms", 20);
        }

        yield return new Measurement($"after {millions} million, compared with 10,000: time of a job, measured in bare answers", first!.OfBare / last!.OfBare, "", 1.15);
        yield return new Measurement($"after {millions} million, compared with 10,000: processor time of a job, measured in bare answers", last.CpuInBare / first.CpuInBare, "", 1.15);
    }

    private async Task<Milestone> MeasureAsync(RunningSystem server, RunningSystem bare, TimeSpan duration)
    {
        List<Turn> turns = [], yardsticks = [await TakeAsync(bare, duration)];

        while (turns.Count < Turns)
        {
            turns.Add(await TakeAsync(server, duration));
            yardsticks.Add(await TakeAsync(bare, duration));
        }

        var asked = Stopwatch.GetTimestamp();
        await server.CompletedAsync();
        var metrics = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;

        return new Milestone(
            Median(turn => turn.Completed), InBare(turn => turn.Completed), Median(turn => turn.CpuMicroseconds), InBare(turn => turn.CpuMicroseconds), Median(turn => turn.ResidentMiB), metrics);

        double Median(Func<Turn, double> figure) => SystemResult.Median(turns.Select(figure));

        // Each turn in what the two beside it gave.
        double InBare(Func<Turn, double> figure) =>
            SystemResult.Median(turns.Select((turn, i) => figure(turn) / ((figure(yardsticks[i]) + figure(yardsticks[i + 1])) / 2)));
    }

    private async Task<Turn> TakeAsync(RunningSystem system, TimeSpan duration) =>
        await _turns.TakeAsync(system, _post, await _post.RequestsAsync(system), duration);

    private sealed record Milestone(double Completed, double OfBare, double CpuMicroseconds, double CpuInBare, double ResidentMiB, double MetricsMs);
}
