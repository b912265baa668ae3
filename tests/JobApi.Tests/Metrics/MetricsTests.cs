using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Tests.Metrics;

public sealed class MetricsTests(ApiFactory server) : IClassFixture<ApiFactory>
{
    private readonly Api _api = server.Api;

    [Fact]
    public async Task Json_begins_as_the_contract_says()
    {
        await _api.RunAsync("echo", """{"text":"m"}""");

        var answer = await _api.GetAsync("/metrics");

        Assert.Equal(
            [
                "processed", "failed", "canceled", "retried", "averageDurationMs", "p50DurationMs", "p95DurationMs", "p99DurationMs",
                "activeWorkers", "busyWorkers", "queueDepth", "oldestQueuedSeconds",
            ],
            answer.Json.EnumerateObject().Take(12).Select(member => member.Name));
        Assert.Equal(["byType", "byQueue"], answer.Json.EnumerateObject().TakeLast(2).Select(member => member.Name));
        Assert.True(answer["byType.echo.processed"].GetInt64() >= 1);
        Assert.True(answer["byQueue.default.processed"].GetInt64() >= 1);
        Assert.True(answer["activeWorkers"].GetInt32() >= 1);
    }

    [Fact]
    public async Task A_queue_that_was_paused_before_the_start_is_told_though_nothing_has_happened_there()
    {
        await using var keeper = new ApiFactory();
        (string, string)[] settings = [("JobApi:Store", "sqlite"), ("JobApi:Sqlite:Path", keeper.File("restart.db"))];

        await using (var before = new ApiFactory(settings))
        {
            await before.Api.PostAsync("/queues/held/pause");
            await before.Api.PatchAsync("/queues/narrow", """{"concurrencyLimit":3}""");
        }

        await keeper.IsFreeAsync("restart.db");
        await using var after = new ApiFactory(settings);
        var figures = await after.Api.GetAsync("/metrics");
        var text = (await after.Api.GetAsync("/metrics", ("Accept", "text/plain"))).Body;

        Assert.Equal((true, 0), (figures["byQueue.held.paused"].GetBoolean(), figures["byQueue.held.processed"].GetInt32()));
        Assert.Equal(3, figures["byQueue.narrow.concurrencyLimit"].GetInt32());
        Assert.Contains("jobapi_queue_paused{queue=\"held\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queues_whose_jobs_came_before_the_start_are_told_in_every_form_and_those_beyond_the_bound_are_summed()
    {
        await using var started = new ApiFactory();
        await started.Api.RunAsync("echo", """{"text":"m"}""");
        JobSpec[] before = [.. Enumerable.Range(0, 120).Select(number => Testing.Jobs.Spec("unheard-of") with { Queue = $"q{number:000}" }), Testing.Jobs.Spec("unheard-of") with { Queue = "q000" }];
        await started.Services.GetRequiredService<InMemoryJobStore>().InsertAsync(new InsertRequest([new Submission(before)], Testing.Jobs.Start), CancellationToken.None);

        var figures = await started.Api.GetAsync("/metrics");
        var text = (await started.Api.GetAsync("/metrics", ("Accept", "text/plain"))).Body.Split('\n');

        var told = figures["byQueue"].EnumerateObject().ToDictionary(queue => queue.Name, queue => queue.Value.GetProperty("queueDepth").GetDouble());
        var exposed = text.Where(line => line.StartsWith("jobapi_queue_depth{", StringComparison.Ordinal)).ToDictionary(line => line.Split('"')[1], Value);

        Assert.Equal(exposed.OrderBy(queue => queue.Key, StringComparer.Ordinal), told.OrderBy(queue => queue.Key, StringComparer.Ordinal));
        Assert.Equal((2.0, 1.0, 0.0, 21.0), (told["q000"], told["q098"], told["default"], told["(other)"]));
        Assert.Equal((101, figures["queueDepth"].GetDouble()), (told.Count, told.Values.Sum()));
        Assert.False(figures["byQueue.q098.paused"].GetBoolean());
    }

    [Theory]
    [InlineData(null, "application/json; charset=utf-8")]
    [InlineData("*/*", "application/json; charset=utf-8")]
    [InlineData("application/json", "application/json; charset=utf-8")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json; charset=utf-8")]
    [InlineData("image/png", "application/json; charset=utf-8")]
    [InlineData("nonsense", "application/json; charset=utf-8")]
    [InlineData("text/plain", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("text/*", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("text/plain, */*", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("text/plain;q=0.1, application/json;q=0.9", "application/json; charset=utf-8")]
    [InlineData("application/json;q=0, */*", "application/openmetrics-text; version=1.0.0; charset=utf-8")]
    [InlineData("application/openmetrics-text", "application/openmetrics-text; version=1.0.0; charset=utf-8")]
    [InlineData(
        "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
        "application/openmetrics-text; version=1.0.0; charset=utf-8")]
    public async Task The_form_is_the_one_the_caller_prefers(string? accept, string type)
    {
        var answer = await _api.GetAsync("/metrics", accept is null ? [] : [("Accept", accept)]);

        Assert.Equal(200, answer.Status);
        Assert.Equal(type, answer.Header("Content-Type"));
        Assert.Equal("Accept", answer.Header("Vary"));
    }

    [Theory]
    [InlineData("text/plain", false)]
    [InlineData("application/openmetrics-text", true)]
    public async Task Every_sample_belongs_to_a_family_and_every_family_is_said_once(string accept, bool openMetrics)
    {
        await _api.RunAsync("echo", """{"text":"m"}""", ""","queue":"exposed" """);
        await _api.RunAsync("fail", """{"permanent":true}""");

        var lines = (await _api.GetAsync("/metrics", ("Accept", accept))).Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var families = lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')).ToArray();

        Assert.Equal(families.Length, families.Select(family => family[2]).Distinct().Count());
        Assert.All(lines.Where(line => line[0] != '#'), line => Assert.Contains(families, family => Belongs(line, family[2], family[3], openMetrics)));
        Assert.Contains(lines, line => line.StartsWith("jobapi_jobs_processed_total{type=\"echo\"} ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("jobapi_queue_jobs_processed_total{queue=\"exposed\"} ", StringComparison.Ordinal));
        Assert.Equal(openMetrics, lines[^1] == "# EOF");
    }

    [Fact]
    public async Task Histograms_are_cumulative_and_end_with_all()
    {
        await _api.RunAsync("echo", """{"text":"m"}""");

        var lines = (await _api.GetAsync("/metrics", ("Accept", "text/plain"))).Body.Split('\n');
        var counts = lines.Where(line => line.StartsWith("jobapi_attempt_duration_seconds_bucket{type=\"echo\"", StringComparison.Ordinal)).ToArray();

        Assert.True(counts.Length > 5);
        Assert.Contains("le=\"+Inf\"", counts[^1], StringComparison.Ordinal);
        Assert.Equal(counts.Select(Value), counts.Select(Value).Order());
        Assert.Equal(Value(counts[^1]), Value(lines.Single(line => line.StartsWith("jobapi_attempt_duration_seconds_count{type=\"echo\"}", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task An_unknown_type_makes_no_label()
    {
        await _api.PostAsync("/jobs", """{"type":"not-a-type","payload":{}}""");

        Assert.DoesNotContain("not-a-type", (await _api.GetAsync("/metrics", ("Accept", "text/plain"))).Body, StringComparison.Ordinal);
    }

    private static double Value(string line) => double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture);

    private static bool Belongs(string line, string family, string kind, bool openMetrics)
    {
        var name = line[..line.IndexOfAny(['{', ' '])];

        return kind switch
        {
            "histogram" => name == family + "_bucket" || name == family + "_sum" || name == family + "_count",
            "counter" => name == (openMetrics ? family + "_total" : family) && name.EndsWith("_total", StringComparison.Ordinal),
            _ => name == family,
        };
    }
}
