using System.Diagnostics;
using JobApi.Benchmarks.Load;
using JobApi.Benchmarks.Peers;

namespace JobApi.Benchmarks.Comparing;

/// <summary>Drives one system for one turn and waits until it has finished what it took on, so that the next one has the machine to itself.</summary>
internal sealed class TurnTaker(LoadGenerator generator)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan DrainLimit = TimeSpan.FromMinutes(3);

    /// <summary>Over so long a system that rests takes no more than this part of a processor.</summary>
    private static readonly TimeSpan RestWindow = TimeSpan.FromMilliseconds(250);

    private const double RestShare = 0.08;

    /// <summary>How many of its jobs a turn of mixed requests is sure of.</summary>
    private const double Nearly = 0.999;

    private static readonly TimeSpan RestLimit = TimeSpan.FromSeconds(20);

    // A system that polls never rests; it is waited for once in a run.
    private readonly HashSet<RunningSystem> _restless = [];

    /// <exception cref="LoadFailedException">Answers were refused, or accepted jobs did not finish.</exception>
    public async Task<Turn> TakeAsync(RunningSystem system, Scenario scenario, IReadOnlyList<byte[]> requests, TimeSpan duration)
    {
        var before = scenario.JobsPerRequest > 0 ? await system.CompletedAsync() : 0;
        var submitted = scenario.JobsPerRequest > 0 ? await system.SubmittedAsync() : null;
        var cpu = system.Cpu;
        var load = await generator.RunAsync(new LoadPlan(system.Address, scenario.Connections, duration, requests));
        var tail = Stopwatch.GetTimestamp();
        var units = load.Requests * scenario.UnitsPerRequest;
        var certain = scenario.IsMixed ? (long)(units * Nearly) : (long)units;

        if (submitted is { } then && await system.SubmittedAsync() - then is { } taken && taken < certain)
        {
            await RestAsync(system);
            throw new LoadFailedException($"{units - taken:N0} of {units:N0} jobs were refused within the answers");
        }

        var completed = scenario.JobsPerRequest > 0 ? await DrainAsync(system, before, certain) : units;
        var seconds = load.Seconds + (scenario.JobsPerRequest > 0 ? Stopwatch.GetElapsedTime(tail).TotalSeconds : 0);
        var resident = system.ResidentMiB;

        // What a system puts off is its own work, too.
        await RestAsync(system);

        return new Turn(
            units / load.Seconds, completed / seconds, load.P50Ms, load.P99Ms, load.MaxMs, (system.Cpu - cpu).TotalMicroseconds / completed, resident);
    }

    /// <summary>What a system puts off until it has time, an index or a vacuum, must not fall into the turn of the next.</summary>
    private async Task RestAsync(RunningSystem system)
    {
        var start = Stopwatch.GetTimestamp();
        var isBusy = true;

        while (isBusy && !_restless.Contains(system))
        {
            var before = system.Cpu;
            await Task.Delay(RestWindow, TimeProvider.System);
            isBusy = system.Cpu - before > RestShare * RestWindow;

            if (isBusy && Stopwatch.GetElapsedTime(start) > RestLimit)
            {
                _restless.Add(system);
            }
        }
    }

    /// <summary>Waits until so many jobs have ended since then, and no more are on their way.</summary>
    /// <returns>How many have: a few more, because the generator leaves without waiting for its last answers.</returns>
    private static async Task<long> DrainAsync(RunningSystem system, long before, long accepted)
    {
        var start = Stopwatch.GetTimestamp();
        var done = 0L;

        while ((done = await system.CompletedAsync() - before) < accepted)
        {
            if (Stopwatch.GetElapsedTime(start) > DrainLimit)
            {
                throw new LoadFailedException($"{accepted - done:N0} of {accepted:N0} accepted jobs did not finish within {DrainLimit.TotalMinutes} minutes");
            }

            await Task.Delay(Look, TimeProvider.System);
        }

        return done;
    }
}
