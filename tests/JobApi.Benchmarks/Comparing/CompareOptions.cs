using System.Globalization;
using JobApi.Benchmarks.Load;
using JobApi.Benchmarks.Peers;
using JobApi.Testing;

namespace JobApi.Benchmarks.Comparing;

/// <summary>What <c>compare</c> was asked for.</summary>
internal sealed record CompareOptions
{
    /// <summary>The word for a short run.</summary>
    public const string Quickly = "--quick";

    private static readonly string[] SystemNames = [.. Contenders.All(new AnswerSizes(0, 0, 0)).Select(contender => contender.Name)];
    private static readonly string[] ScenarioNames = [.. Scenario.All.Select(scenario => scenario.Name)];
    private static readonly string[] QuickSystems = ["bare", "sqlite", "memory", "hangfire-memory", "bullmq-always"];
    private static readonly string[] QuickScenarios = ["post-64", "bulk-100", "wait-64", "get-64", "get-304-64", "poll-64"];

    public static string Usage { get; } = $"""
        {CompareCommand.Verb} [{Quickly}] [--rounds N] [--seconds S] [--systems a,b] [--scenarios a,b] [--generator wrk|drive] [--libraries yes|no] [--against JobApi.dll] [--out FOLDER]
            systems: {string.Join(' ', SystemNames)}
            scenarios: {string.Join(' ', ScenarioNames)}
        """;

    /// <summary>How often every system has its turn.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>How long a turn is.</summary>
    public TimeSpan TurnLength { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>How long a system is driven before the first scenario, so that its hot code is compiled.</summary>
    public TimeSpan FirstWarmUp { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>How long a system is driven before its turns in a scenario begin: runtimes that compile in stages take so long to be done with code that a scenario is the first to use.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The systems that take part; all when empty.</summary>
    public IReadOnlyList<string> Systems { get; init; } = [];

    /// <summary>The scenarios; all when empty.</summary>
    public IReadOnlyList<string> Scenarios { get; init; } = [];

    public LoadGenerator Generator { get; init; } = LoadGenerator.Best;

    /// <summary>Whether the libraries are measured too.</summary>
    public bool WithLibraries { get; init; } = true;

    /// <summary>The <c>JobApi.dll</c> of another build that takes part; none when null.</summary>
    public string? Against { get; init; }

    /// <summary>Where the report goes.</summary>
    public string Folder { get; init; } = Path.Combine(ServerProcess.Repository, "artifacts", "benchmarks");

    public static CompareOptions Quick { get; } = new()
    {
        Rounds = 2,
        TurnLength = TimeSpan.FromSeconds(4),
        FirstWarmUp = TimeSpan.FromSeconds(6),
        WarmUp = TimeSpan.FromSeconds(1),
        Systems = QuickSystems,
        Scenarios = QuickScenarios,
        WithLibraries = false,
    };

    /// <summary>Reads the words after <c>compare</c>; null when they make no sense.</summary>
    public static CompareOptions? Parse(string[] words)
    {
        var options = words.Contains(Quickly) ? Quick : new CompareOptions();
        var rest = words.Where(word => word != Quickly).ToArray();

        if (rest.Length % 2 != 0)
        {
            return null;
        }

        foreach (var pair in rest.Chunk(2))
        {
            if (options.With(pair[0], pair[1]) is not { } next)
            {
                return null;
            }

            options = next;
        }

        return options;
    }

    private CompareOptions? With(string name, string value) => name switch
    {
        "--rounds" when int.TryParse(value, CultureInfo.InvariantCulture, out var rounds) && rounds > 0 => this with { Rounds = rounds },
        "--seconds" when int.TryParse(value, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 => this with { TurnLength = TimeSpan.FromSeconds(seconds) },
        "--systems" when Known(value, SystemNames) is { } systems => this with { Systems = systems },
        "--scenarios" when Known(value, ScenarioNames) is { } scenarios => this with { Scenarios = scenarios },
        "--generator" when value is "wrk" or "drive" => this with { Generator = value == "wrk" ? LoadGenerator.Wrk : LoadGenerator.Own },
        "--libraries" when value is "yes" or "no" => this with { WithLibraries = value == "yes" },
        "--against" when File.Exists(value) => this with { Against = Path.GetFullPath(value) },
        "--out" => this with { Folder = Path.GetFullPath(value) },
        _ => null,
    };

    private static string[]? Known(string value, string[] names) => value.Split(',') is var words && Array.TrueForAll(words, names.Contains) ? words : null;
}
