using JobApi.Benchmarks.Peers;

namespace JobApi.Benchmarks.Comparing;

/// <summary><c>compare</c>: starts every system, lets them take turns in every scenario, and writes the report.</summary>
internal static class CompareCommand
{
    public const string Verb = "compare";

    private const int WarmUpTurns = 4;
    private const int WarmUpJobs = 50_000;

    /// <summary>How long the systems rest between their start and the look at their memory.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(CompareOptions options)
    {
        var report = new Report(options);
        var turns = new TurnTaker(options.Generator);
        var running = new List<(Contender Contender, RunningSystem System)>();

        try
        {
            await StartAllAsync(options, report, running);
            await WarmUpAsync(options, turns, running);

            foreach (var scenario in Scenario.All.Where(scenario => options.Scenarios.Count == 0 || options.Scenarios.Contains(scenario.Name)))
            {
                report.Add(await new Comparison(options, turns).RunAsync(scenario, running));
            }
        }
        finally
        {
            await Task.WhenAll(running.Select(pair => pair.System.DisposeAsync().AsTask()));
        }

        if (options.WithLibraries)
        {
            await MeasureLibrariesAsync(report);
        }

        Console.WriteLine($"\nSaved in {options.Folder}");
        return report.HasFailures ? 1 : 0;
    }

    private static async Task StartAllAsync(CompareOptions options, Report report, List<(Contender, RunningSystem)> running)
    {
        foreach (var contender in Choose(options, await Contenders.AnswerSizesAsync()))
        {
            try
            {
                var system = await contender.StartAsync();
                running.Add((contender, system));
                await system.CompletedAsync();
                await Task.Delay(Rest, TimeProvider.System);
                report.AddStarted(contender, system.ResidentMiB);
            }
            catch (MissingException missing)
            {
                report.AddMissing(contender.What, missing.Message);
            }
            catch (Exception broken)
            {
                report.AddBroken(contender.What, broken.Message);
            }
        }
    }

    private static IEnumerable<Contender> Choose(CompareOptions options, AnswerSizes sizes)
    {
        var chosen = Contenders.All(sizes).Where(contender => options.Systems.Count == 0 || options.Systems.Contains(contender.Name));
        return options.Against is { } assembly ? chosen.Append(Contenders.Other(assembly)) : chosen;
    }

    private static async Task WarmUpAsync(CompareOptions options, TurnTaker turns, List<(Contender Contender, RunningSystem System)> running)
    {
        foreach (var (contender, system) in running)
        {
            try
            {
                var post = Scenario.All.First(scenario => scenario.Name == Scenario.Usual);
                var requests = await post.RequestsAsync(system);

                // By number, not by time alone: on a busy machine the compiler is not done after a few thousand.
                for (var turn = 0; turn < WarmUpTurns && await system.CompletedAsync() < WarmUpJobs; turn++)
                {
                    await turns.TakeAsync(system, post, requests, options.FirstWarmUp);
                }
            }
            catch (Exception failure)
            {
                // It will fail again where it counts.
                Console.Error.WriteLine($"{contender.What}, warming up: {failure.Message}");
            }
        }
    }

    private static async Task MeasureLibrariesAsync(Report report)
    {
        try
        {
            await foreach (var rates in Libraries.RunAsync())
            {
                report.Add(rates);
            }
        }
        catch (MissingException missing)
        {
            report.AddMissing("graphile-worker and pg-boss", missing.Message);
        }
        catch (Exception broken)
        {
            report.AddBroken("graphile-worker and pg-boss", broken.Message);
        }
    }
}
