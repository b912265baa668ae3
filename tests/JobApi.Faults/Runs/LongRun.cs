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
                reports.Add(await RunAsync(fault, strikes, seed, options.Clients, output, cancellationToken));
            }
        }

        await output.WriteLineAsync();
        await output.WriteLineAsync(ReportTable.Of(reports));
        await output.WriteLineAsync();
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(begun).TotalMinutes:0.0} minutes, seed {seed}"));

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
        IFault fault, int strikes, int seed, int? clients, TextWriter output, CancellationToken cancellationToken)
    {
        TrialReport? report = null;
        await output.WriteLineAsync($"{fault.Name}: {strikes}");

        for (var done = 0; done < strikes; done += Stretch)
        {
            var settings = new TrialSettings { Cycles = Math.Min(Stretch, strikes - done), Seed = HashCode.Combine(seed, done), Clients = clients };
            var begun = Stopwatch.GetTimestamp();
            var stretch = await FaultTrial.RunAsync(fault, settings, struck: null, cancellationToken);
            report = report?.And(stretch) ?? stretch;

            var each = Stopwatch.GetElapsedTime(begun).TotalSeconds / settings.Cycles;

            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"  {done + settings.Cycles} of {strikes}: {report.Accepted} accepted, {report.Violations.Count} violations ({each:0.00} s each)"));

            foreach (var story in stretch.Stories)
            {
                await output.WriteLineAsync(story);
            }
        }

        return report!;
    }
}
