using System.Diagnostics;
using JobApi.Testing;

namespace JobApi.Benchmarks.Measures;

/// <summary>What it costs to index so many jobs with payloads of 190 bytes, and how long searches for words take that are rare, common, or never meet.</summary>
internal sealed class SearchMeasure(string name, int jobs) : IMeasure
{
    private const int Calls = 100;
    private const int WarmUp = 10;
    private const double BarMs = 50;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private static readonly (string What, string Query)[] Searches =
    [
        ("a word in one job", "q=order4711"),
        ("a word in every job", "q=customer"),
        ("a word in every job, page of 200", "q=customer&pageSize=200"),
        ("two words in every job", "q=customer+status"),
        ("a common word and a rare one", "q=customer+order4711"),
        ("a phrase in every job", "q=%22status+pending%22"),
        ("a prefix of a common word", "q=custo*"),
        ("a prefix of many rare words", "q=order47*"),
        ("a word in every job, in a state that none has", "q=customer&state=canceled"),
        ("a prefix of a common word, in a state that none has", "q=custo*&state=canceled"),
        ("two common words that never meet", "q=parity0+parity1"),
        ("a word that is nowhere", "q=nowhere"),
    ];

    public string Name => name;

    public async IAsyncEnumerable<Measurement> RunAsync()
    {
        using var backlog = await Backlog.MakeAsync(jobs, Payload);
        var start = Stopwatch.GetTimestamp();
        await using var server = await ServerProcess.StartAsync(
            "--JobApi:Store=sqlite", $"--JobApi:Sqlite:Path={backlog.Path}", "--JobApi:Stats:Enabled=false");

        while (await server.Client.MetricAsync("searchLagJobs") > 0)
        {
            await Task.Delay(Look, TimeProvider.System);
        }

        yield return Row("indexed by an idle server, its start included", Stopwatch.GetElapsedTime(start).TotalSeconds, "s");
        yield return Row("index", Directory.GetFiles(Path.GetDirectoryName(backlog.Path)!, "*.search*").Sum(file => new FileInfo(file).Length) / (1024.0 * 1024), "MiB");
        yield return Row("data file", new FileInfo(backlog.Path).Length / (1024.0 * 1024), "MiB");

        foreach (var (what, query) in Searches)
        {
            await OneCaller.TimesAsync(WarmUp, () => GetAsync(server, $"/jobs?{query}"));
            var times = await OneCaller.TimesAsync(Calls, () => GetAsync(server, $"/jobs?{query}"));
            yield return Row($"{what}, p50", times.Percentile(0.5), "ms", BarMs);
            yield return Row($"{what}, p99", times.Percentile(0.99), "ms", BarMs);
        }

        yield return Row("resident memory, after all this", server.ResidentMiB(), "MiB");
    }

    private Measurement Row(string what, double value, string unit, double? bar = null) => new($"{jobs:N0} jobs: {what}", value, unit, bar);

    /// <summary>190 bytes, of which 18 words.</summary>
    private static string Payload(int number)
    {
        var json = $$"""{"number":{{number}},"order":"order{{number}}","customer":"c{{number % 50_000}}","status":"pending","parity":"parity{{number % 2}}","note":"the quick brown fox jumps over the lazy dog""";
        return json.PadRight(188) + "\"}";
    }

    private static async Task GetAsync(ServerProcess server, string path)
    {
        using var answer = await server.Client.GetAsync(new Uri(path, UriKind.Relative));
        answer.EnsureSuccessStatusCode();
    }
}
