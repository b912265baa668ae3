using System.Diagnostics;
using System.Globalization;
using JobApi.Faults.Kinds;

namespace JobApi.Faults.Runs;

/// <summary>Tries all faults as often as asked for, says how it goes and ends with a table.</summary>
internal static class LongRun
{
    /// <summary>The exit code when a promise was broken.</summary>
    public const int Broken = 1;

    /// <summary>The exit code when the command line makes no sense.</summary>
    public const int Misused = 2;

    /// <summary>The exit code when somebody pressed Ctrl+C.</summary>
    public const int GivenUp = 3;

    /// <summary>Strikes on one data folder. After that everything is left to finish, checked to the last job, and a new folder begun.</summary>
    private const int Stretch = 50;

    /// <summary>After so many strikes of a fault it says how far it is.</summary>
    private const int Told = 10;

    /// <returns>The exit code of the program.</returns>
    public static async Task<int> RunAsync(RunOptions options, TextWriter output, CancellationToken cancellationToken)
    {
#pragma warning disable CA5394 // Chance that can be repeated, not a secret.
        var seed = options.Seed ?? Random.Shared.Next();
#pragma warning restore CA5394
        var begun = Stopwatch.GetTimestamp();
        var reports = new List<TrialReport>();
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Seed {seed}; run again with --seed {seed}"));

        foreach (var fault in AllFaults.List.Where(fault => options.Only is null || fault.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase)))
        {
            if (Share(fault, options) is > 0 and var strikes)
            {
                reports.Add(await RunAsync(fault, strikes, seed, options.Clients, begun, output, cancellationToken));
            }
        }

        await output.WriteLineAsync();
        await output.WriteLineAsync(ReportTable.Heading(seed, Stopwatch.GetElapsedTime(begun), TimeProvider.System.GetUtcNow()));
        await output.WriteLineAsync();
        await output.WriteLineAsync(ReportTable.Of(reports));

        return reports.Any(report => report.Violations.Count > 0) ? Broken : 0;
    }

    /// <summary>How often a fault strikes: its share of what was asked for its group.</summary>
    public static int Share(IFault fault, RunOptions options)
    {
        var total = fault.Group switch
        {
            FaultGroup.Kill => options.Kills,
            FaultGroup.Cut => options.Cuts,
            FaultGroup.Stop => options.Stops,
            _ => options.Others,
        };

        if (fault.Group == FaultGroup.Other)
        {
            return total;
        }

        var group = AllFaults.List.Where(other => other.Group == fault.Group).ToList();
        var share = total * fault.Weight / group.Sum(other => other.Weight);

        // Whatever the division leaves over goes to the first.
        return fault == group[0] ? total - group.Skip(1).Sum(other => total * other.Weight / group.Sum(one => one.Weight)) : share;
    }

    private static async Task<TrialReport> RunAsync(
        IFault fault, int strikes, int seed, int? clients, long begun, TextWriter output, CancellationToken cancellationToken)
    {
        var struck = 0;
        var whole = (Report: (TrialReport?)null, Done: 0);
        using var one = new SemaphoreSlim(1);
        await output.WriteLineAsync($"{fault.Name}: {strikes}");
        var side = new ParallelOptions { MaxDegreeOfParallelism = fault.AtOnce, CancellationToken = cancellationToken };

        await Parallel.ForEachAsync(Stretches(strikes, fault.AtOnce), side, async (stretch, token) =>
        {
            var settings = new TrialSettings { Cycles = stretch.Length, Seed = HashCode.Combine(seed, stretch.From), Clients = clients };
            var first = Stopwatch.GetTimestamp();
            var report = await FaultTrial.RunAsync(fault, settings, _ => Tell(Interlocked.Increment(ref struck)), token);
            var each = Stopwatch.GetElapsedTime(first).TotalSeconds / settings.Cycles;
            await one.WaitAsync(token);
            whole = (whole.Report?.And(report) ?? report, whole.Done + stretch.Length);

            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"  {whole.Done} of {strikes}: {whole.Report.Accepted} accepted, {whole.Report.Violations.Count} violations ({each:0.00} s each; {Minutes(begun)} so far)"));

            foreach (var story in report.Stories)
            {
                await output.WriteLineAsync(story);
            }

            one.Release();
        });

        return whole.Report!;

        void Tell(int done)
        {
            if (done % Told == 0)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {done} of {strikes} struck ({Minutes(begun)})"));
            }
        }
    }

    private static string Minutes(long begun) => string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(begun).TotalMinutes:0.0} min");

    /// <summary>Of <see cref="Stretch"/> strikes each, or fewer where several are made at once.</summary>
    public static IEnumerable<(int From, int Length)> Stretches(int strikes, int atOnce)
    {
        var length = Math.Clamp((strikes + atOnce - 1) / atOnce, 1, Stretch);

        for (var from = 0; from < strikes; from += length)
        {
            yield return (from, Math.Min(length, strikes - from));
        }
    }
}
