using System.Text.RegularExpressions;
using JobApi.Engine.Execution;
using JobApi.Tests.Support;

namespace JobApi.Tests.Documentation;

/// <summary>A server of which every figure is there: jobs in a file with a search index, a queue and a type with limits, jobs that ended.</summary>
public sealed partial class MeteredServer : IAsyncLifetime
{
    private readonly ApiFactory _keeper = new();
    private ApiFactory _server = null!;

    internal Api Api => _server.Api;

    public async Task InitializeAsync()
    {
        _server = new ApiFactory(
            [("JobApi:Store", "sqlite"), ("JobApi:Sqlite:Path", _keeper.File("metered.db"))],
            services => services.AddJobHandler<EchoHandler>("narrow", type => (type.Example, type.MaxConcurrency) = (new EchoPayload("hello"), 2)));

        await Api.PatchAsync("/queues/slow", """{"concurrencyLimit":1}""");
        await Api.RunAsync("narrow", """{"text":"m"}""", ""","queue":"slow" """);
        await Api.RunAsync("fail", """{"permanent":true}""");
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _keeper.IsFreeAsync("metered.db");
        await _keeper.DisposeAsync();
    }

    internal async Task<string[]> ScrapeAsync(string accept = "text/plain") =>
        (await Api.GetAsync("/metrics", ("Accept", accept))).Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The families that a scrape gives, each with the labels of its samples.</summary>
    internal async Task<IReadOnlyList<MetricFamily>> FamiliesAsync()
    {
        var lines = await ScrapeAsync();

        return [.. lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')).Select(type => new MetricFamily(type[2], LabelsOf(type[2], lines), type[3]))];
    }

    private static string LabelsOf(string family, string[] lines)
    {
        var sample = lines.First(line => Sample().Match(line) is { Success: true } match && Regex.IsMatch(match.Groups["name"].Value, $"^{family}(_count)?$"));

        return string.Join(',', Label().Matches(Sample().Match(sample).Groups["labels"].Value).Select(label => label.Groups[1].Value));
    }

    [GeneratedRegex(@"^(?<name>\w+)(?:\{(?<labels>.*)\})? \S+$")]
    private static partial Regex Sample();

    [GeneratedRegex(@"(\w+)=""")]
    private static partial Regex Label();
}
