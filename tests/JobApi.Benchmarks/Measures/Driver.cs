using JobApi.Benchmarks.Comparing;
using JobApi.Benchmarks.Load;
using JobApi.Benchmarks.Peers;

namespace JobApi.Benchmarks.Measures;

/// <summary>Drives servers as the comparison does, in one of its scenarios.</summary>
internal sealed class Driver(string scenario)
{
    private readonly TurnTaker _turns = new(LoadGenerator.Best);
    private readonly Scenario _scenario = Scenario.All.First(one => one.Name == scenario);

    public async Task<Turn> TakeAsync(RunningSystem system, TimeSpan duration) =>
        await _turns.TakeAsync(system, _scenario, await _scenario.RequestsAsync(system), duration);
}
