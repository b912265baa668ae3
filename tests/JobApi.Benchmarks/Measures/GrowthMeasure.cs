using JobApi.Benchmarks.Comparing;
using JobApi.Benchmarks.Peers;

namespace JobApi.Benchmarks.Measures;

/// <summary>
/// Whether a job costs the same after millions of them in one run. At each milestone five turns of JobApi each stand between two of the bare endpoint, so that
/// a machine that has become slower meanwhile, or is for a moment, is not taken for a server that has. Figures are the medians of the five. Up to the first milestone
/// both are driven equally long, so that there neither is further compiled than the other. At its turns they have some ten thousand jobs behind them in the beginning and a
/// hundred thousand in the end.
/// </summary>
internal sealed class GrowthMeasure(string name, int millions) : IMeasure
{
    private const int Turns = 5;
    private const int Looks = 20;
    private const long FirstMilestone = 10_000;
    private const long Million = 1_000_000;
    private const double Bar = 1.15;

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Fill = TimeSpan.FromSeconds(10);

    private readonly Driver _post = new(Scenario.Usual);

    public string Name => name;

    public async IAsyncEnumerable<Measurement> RunAsync()
    {
        var contenders = Contenders.All(await Contenders.AnswerSizesAsync()).ToDictionary(contender => contender.Name);
        await using var server = await contenders[Contenders.Model].StartAsync();
        await using var bare = await contenders[Contenders.Bare].StartAsync();
        var milestones = new Dictionary<long, Milestone>();

        foreach (var jobs in (long[])[FirstMilestone, 100_000, .. Enumerable.Range(1, millions).Select(million => million * Million)])
        {
            // The first turns are short, or the job after ten thousand would be one after half a million.
            var isEarly = jobs <= 100_000;

            while (await server.CompletedAsync() < jobs)
            {
                await _post.TakeAsync(server, isEarly ? Short : Fill);

                if (jobs == FirstMilestone)
                {
                    await _post.TakeAsync(bare, Short);
                }
            }

            var milestone = milestones[jobs] = await MeasureAsync(server, bare, isEarly ? Short : Long);

            foreach (var measurement in milestone.Measurements)
            {
                yield return measurement with { What = $"after {jobs:N0} jobs: {measurement.What}" };
            }
        }

        var last = milestones[millions * Million];

        foreach (var jobs in (long[])[FirstMilestone, Million])
        {
            var compared = $"after {millions} million, compared with {jobs:N0}";
            yield return new Measurement($"{compared}: time of a job, measured in bare answers", milestones[jobs].OfBare / last.OfBare, "", Bar);
            yield return new Measurement($"{compared}: processor time of a job, measured in bare answers", last.CpuInBare / milestones[jobs].CpuInBare, "", Bar);
        }
    }

    private async Task<Milestone> MeasureAsync(RunningSystem server, RunningSystem bare, TimeSpan duration)
    {
        List<Turn> turns = [], yardsticks = [await _post.TakeAsync(bare, duration)];

        while (turns.Count < Turns)
        {
            turns.Add(await _post.TakeAsync(server, duration));
            yardsticks.Add(await _post.TakeAsync(bare, duration));
        }

        return new Milestone
        {
            Completed = Median(turn => turn.Completed),
            OfBare = InBare(turn => turn.Completed),
            P50Ms = Median(turn => turn.P50Ms),
            P99Ms = Median(turn => turn.P99Ms),
            CpuMicroseconds = Median(turn => turn.CpuMicroseconds),
            CpuInBare = InBare(turn => turn.CpuMicroseconds),
            ResidentMiB = Median(turn => turn.ResidentMiB),
            MetricsMs = SystemResult.Median(await OneCaller.TimesAsync(Looks, server.CompletedAsync)),
        };

        double Median(Func<Turn, double> figure) => SystemResult.Median(turns.Select(figure));

        // Each turn in what the two beside it gave.
        double InBare(Func<Turn, double> figure) =>
            SystemResult.Median(turns.Select((turn, i) => figure(turn) / ((figure(yardsticks[i]) + figure(yardsticks[i + 1])) / 2)));
    }

    private sealed record Milestone
    {
        public required double Completed { get; init; }

        public required double OfBare { get; init; }

        public required double P50Ms { get; init; }

        public required double P99Ms { get; init; }

        public required double CpuMicroseconds { get; init; }

        public required double CpuInBare { get; init; }

        public required double ResidentMiB { get; init; }

        public required double MetricsMs { get; init; }

        public IEnumerable<Measurement> Measurements =>
        [
            new("accepted and completed", Completed, "jobs/s"),
            new("of bare Kestrel", OfBare, ""),
            new("latency of a submission, p50", P50Ms, "ms"),
            new("latency of a submission, p99", P99Ms, "ms"),
            new("processor time a job", CpuMicroseconds, "µs"),
            new("processor time in that of bare answers", CpuInBare, ""),
            new("resident memory", ResidentMiB, "MiB"),
            new($"/metrics, median of {Looks}", MetricsMs, "ms", 20),
        ];
    }
}
