using System.Text;
using JobApi.Benchmarks.Peers;

namespace JobApi.Benchmarks.Comparing;

/// <summary>Collects what was measured, shows it as it comes, and leaves it as Markdown, with a picture of each scenario beside it, so far as the run has come.</summary>
internal sealed class Report(CompareOptions options)
{
    private readonly StringBuilder _text = new();
    private readonly List<ScenarioResult> _scenarios = [];
    private readonly List<string> _missing = [];
    private bool _hasStarts;
    private bool _hasBroken;
    private bool _hasLibraries;

    /// <summary>Whether something went wrong; what is not installed does not count.</summary>
    public bool HasFailures => _hasBroken || _scenarios.SelectMany(scenario => scenario.Systems).Any(system => system.Why?.StartsWith("**", StringComparison.Ordinal) == true);

    public void AddStarted(Contender contender, double residentMiB)
    {
        if (!_hasStarts)
        {
            _hasStarts = true;
            Write(Machine.Describe(options));
            Write("\n| system | `--systems` | resident memory, idle |\n|---|---|---:|");
        }

        Write($"| {contender.What} | `{contender.Name}` | {residentMiB:0} MiB |");
    }

    public void AddMissing(string what, string why)
    {
        _missing.Add($"{what}: left out, {why}.");
        Console.Error.WriteLine(_missing[^1]);
        Save();
    }

    public void AddBroken(string what, string why)
    {
        _hasBroken = true;
        _missing.Add($"{what}: **failed**, {why}");
        Console.Error.WriteLine(_missing[^1]);
        Save();
    }

    public void Add(ScenarioResult result)
    {
        _scenarios.Add(result);
        var unit = result.Scenario.Unit;
        var (bare, model) = (Find(Contenders.Bare), Find(Contenders.Model));

        Write($"\n### {result.Scenario.Title}\n");
        Write($"| `{result.Scenario.Name}` | accepted {unit}s/s | completed {unit}s/s | of bare | JobApi does | p50 ms | p99 ms | max ms | CPU µs/{unit} | resident MiB |");
        Write("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");

        foreach (var system in result.Systems)
        {
            Write(system.Why is { } why ? $"| {system.What} | {why} | | | | | | | | |" : Row(system, bare, model));
        }

        Save();

        SystemResult? Find(string name) => result.Systems.FirstOrDefault(system => system.Name == name && system.Why is null);
    }

    public void Add(LibraryRates rates)
    {
        if (!_hasLibraries)
        {
            _hasLibraries = true;
            Write("\n### Libraries on PostgreSQL, without a server in front\n\n| library | added jobs/s | worked off jobs/s |\n|---|---:|---:|");
        }

        Write($"| {rates.Library}, {rates.Manner} | {rates.AddedPerSecond:N0} | {rates.WorkedPerSecond:N0} |");
        Save();
    }

    private void Save()
    {
        Directory.CreateDirectory(options.Folder);
        File.WriteAllText(Path.Combine(options.Folder, "compare.md"), _text + string.Concat(_missing.Select(line => $"\n{line}\n")));

        foreach (var (scenario, systems) in _scenarios)
        {
            // Beside what does nothing with a thousand jobs but count them, the others could not be told from each other.
            var pictured = systems.Where(system => system.Why is null && (system.Name != Contenders.Bare || scenario.JobsPerRequest <= 1));
            var bars = pictured.Select(system => new Bar(system.What, system.Median(turn => turn.Completed)));
            File.WriteAllText(Path.Combine(options.Folder, $"{scenario.Name}.svg"), BarChart.Draw($"{scenario.Title}: completed {scenario.Unit}s/s", [.. bars]));
        }
    }

    private static string Row(SystemResult system, SystemResult? bare, SystemResult? model) => string.Join(
        " | ",
        "| " + system.What,
        $"{system.Median(turn => turn.Accepted):N0}",
        $"{system.Median(turn => turn.Completed):N0}",
        bare is null ? "" : $"{system.MedianRatio(bare):0.00}",
        model is null ? "" : $"{model.MedianRatio(system):0.00} times",
        $"{system.Median(turn => turn.P50Ms):0.00}",
        $"{system.Median(turn => turn.P99Ms):0.00}",
        $"{system.Median(turn => turn.MaxMs):0.0}",
        $"{system.Median(turn => turn.CpuMicroseconds):0}",
        $"{system.Median(turn => turn.ResidentMiB):0} |");

    private void Write(string line)
    {
        _text.AppendLine(line);
        Console.WriteLine(line);
    }
}
