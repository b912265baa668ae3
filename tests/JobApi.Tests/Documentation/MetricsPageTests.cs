using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using JobApi.Contracts;
using JobApi.Testing;
using JobApi.Tests.Support;

namespace JobApi.Tests.Documentation;

/// <summary><c>docs/metrics.md</c> tells every figure and no other, and what it prints works.</summary>
public sealed partial class MetricsPageTests(MeteredServer server) : IClassFixture<MeteredServer>
{
    private static readonly MetricsPage Page = MetricsPage.Load();

    [Fact]
    public async Task The_table_has_every_family_with_its_labels_and_its_kind_and_no_other()
    {
        var families = await server.FamiliesAsync();

        Assert.True(families.Count > 30);
        Assert.Equal(families.Select(Told).Order(StringComparer.Ordinal), Page.Rows.SelectMany(row => row.Families).Select(Told).Distinct().Order(StringComparer.Ordinal));

        static string Told(MetricFamily family) => $"{family.Name}{{{family.Labels}}} {family.Kind}";
    }

    [Fact]
    public async Task The_table_has_every_member_of_the_JSON_where_it_is_and_no_other()
    {
        var answer = (await server.Api.GetAsync("/metrics")).Json;
        var given = Names(answer).Except(["byType", "byQueue"]).Select(name => "all " + name)
            .Concat(answer.GetProperty("byType").EnumerateObject().SelectMany(type => Names(type.Value)).Distinct().Select(name => "type " + name))
            .Concat(answer.GetProperty("byQueue").EnumerateObject().SelectMany(queue => Names(queue.Value)).Distinct().Select(name => "queue " + name));

        Assert.Equal(
            given.Order(StringComparer.Ordinal),
            Page.Rows.SelectMany(row => row.Places.SelectMany(place => row.Members.Select(member => $"{place} {member}"))).Order(StringComparer.Ordinal));

        static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(member => member.Name);
    }

    /// <summary>Without this a member that the server under test leaves out could be missing in the table, too.</summary>
    [Fact]
    public void The_table_has_every_member_that_the_contract_declares()
    {
        var declared = typeof(MetricsResponse).GetProperties().Where(property => property.Name is not ("ByType" or "ByQueue"))
            .Concat(typeof(GroupMetricsResponse).GetProperties()).Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)).Distinct();

        Assert.Equal(declared.Order(StringComparer.Ordinal), Page.Rows.SelectMany(row => row.Members).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_unit_that_OpenMetrics_declares_is_the_one_in_the_table()
    {
        var units = (await server.ScrapeAsync("application/openmetrics-text")).Where(line => line.StartsWith("# UNIT ", StringComparison.Ordinal))
            .Select(line => line.Split(' ')).Select(unit => $"{unit[2]} {unit[3]}");

        Assert.Equal(
            units.Order(StringComparer.Ordinal),
            Page.Rows.Where(row => row.Unit is "seconds" or "bytes").SelectMany(row => row.Families.Select(family => $"{family.Name} {row.Unit}")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Each_form_comes_as_the_page_says_when_it_is_asked_for_as_the_page_says()
    {
        Assert.Equal(3, Page.Forms.Count);

        foreach (var (type, accept) in Page.Forms)
        {
            Assert.Equal(type, (await server.Api.GetAsync("/metrics", accept is null ? [] : [("Accept", accept)])).Header("Content-Type"));
        }
    }

    [Fact]
    public async Task The_server_answers_to_the_name_in_the_scrape_configuration_once_it_was_told_as_the_page_says()
    {
        var target = Target().Match(Page.Scraping).Groups[1].Value;
        await using var told = new ApiFactory([("AllowedHosts", Page.AllowedHosts)]);

        (await server.Api.GetAsync("/metrics", ("Host", target))).IsProblem(421, "unknown-host");
        Assert.Equal(200, (await told.Api.GetAsync("/metrics", ("Host", target))).Status);
        Assert.Equal(200, (await told.Api.GetAsync("/health/live", ("Host", "localhost"))).Status);
    }

    [Fact]
    public void The_alerts_use_families_that_there_are()
    {
        var names = Page.Rows.SelectMany(row => row.Families).Select(family => family.Name).ToHashSet();
        var alerts = Page.Expressions();

        Assert.Equal(AlertFires.Count, alerts.Count);
        Assert.All(alerts, alert => Assert.All(Used(alert.Value), name => Assert.True(names.Contains(name), $"{alert.Key} uses {name}.")));
    }

    [ToolFact("promtool")]
    public async Task The_checker_of_Prometheus_takes_the_configuration_and_the_alerts()
    {
        var (code, said) = await PromtoolAsync(["check", "config", "prometheus.yml"], ("prometheus.yml", Page.Scraping));

        Assert.True(code == 0, said);
        Assert.Contains($"{Page.Expressions().Count} rules found", said, StringComparison.Ordinal);
    }

    [ToolFact("promtool")]
    public async Task The_checker_of_Prometheus_complains_about_an_alert_that_cannot_be_read()
    {
        var (code, _) = await PromtoolAsync(["check", "rules", "broken.yml"], ("broken.yml", Page.Alerts.Replace("> 300", "> > 300", StringComparison.Ordinal)));

        Assert.NotEqual(0, code);
    }

    /// <summary>For each alert: the series, of those of a healthy server, that change, and how.</summary>
    public static TheoryData<string, string, string> AlertFires => new()
    {
        { "JobApiDown", "up", "0" },
        { "JobApiBacklogOld", "jobapi_oldest_queued_seconds", "301" },
        { "JobApiStandsStill", "jobapi_queue_depth{queue=\"slow\"}", "1" },
        { "JobApiManyFailures", "jobapi_jobs_failed_total{type=\"fail\"}", "0+1x100" },
        { "JobApiDiskShort", "jobapi_disk_free_bytes{keeps=\"files\"}", "1073741823" },
        { "JobApiSearchBehind", "jobapi_search_lag_seconds", "301" },
        { "JobApiHandlersAbandoned", "jobapi_handlers_abandoned", "1" },
    };

    [ToolTheory("promtool")]
    [MemberData(nameof(AlertFires))]
    public async Task Each_alert_fires_alone_when_its_figure_is_bad(string alert, string series, string values) =>
        Assert.Equal((0, string.Empty), await AlertsAsync([$"{{alertname=\"{alert}\"}}"], (series, values)));

    [ToolFact("promtool")]
    public async Task No_alert_fires_on_a_healthy_server() => Assert.Equal((0, string.Empty), await AlertsAsync([]));

    [ToolFact("promtool")]
    public async Task A_paused_queue_is_no_server_that_stands_still() =>
        Assert.Equal((0, string.Empty), await AlertsAsync([], ("jobapi_queue_depth{queue=\"slow\"}", "1"), ("jobapi_queue_paused{queue=\"slow\"}", "1")));

    /// <summary>Runs the page's alerts for an hour over what a scrape gives, with some of its series changed, and holds those that fire against those that should.</summary>
    private async Task<(int Code, string Said)> AlertsAsync(string[] expected, params (string Series, string Values)[] changes)
    {
        const string Instance = "instance=\"jobs.example:5080\",job=\"jobapi\"";

        var calm = new Dictionary<string, string> { ["up"] = "1" };

        foreach (var line in (await server.ScrapeAsync()).Where(line => line[0] != '#'))
        {
            // The machine's own disks and memory are left out of it.
            calm[line[..line.LastIndexOf(' ')]] = line.StartsWith("jobapi_disk", StringComparison.Ordinal) ? "8589934592"
                : line.StartsWith("jobapi_workers_busy", StringComparison.Ordinal) || line.StartsWith("jobapi_search_lag", StringComparison.Ordinal) ? "0"
                : line[(line.LastIndexOf(' ') + 1)..];
        }

        foreach (var (series, values) in changes)
        {
            Assert.True(calm.ContainsKey(series), $"No scrape gives {series}.");
            calm[series] = values;
        }

        var input = calm.Select(pair => $"      - series: '{(pair.Key.EndsWith('}') ? $"{pair.Key[..^1]},{Instance}}}" : $"{pair.Key}{{{Instance}}}")}'\n"
            + $"        values: '{(pair.Value.Contains('x', StringComparison.Ordinal) ? pair.Value : $"{pair.Value}+0x100")}'\n");
        var samples = expected.Length == 0 ? " []" : string.Concat(expected.Select(labels => $"\n          - labels: '{labels}'\n            value: 1"));

        var test = $$"""
            rule_files: [jobapi.rules.yml]
            tests:
              - interval: 1m
                input_series:
            {{string.Concat(input)}}
                promql_expr_test:
                  - expr: 'sum by (alertname) (ALERTS{alertstate="firing"})'
                    eval_time: 60m
                    exp_samples:{{samples}}
            """;

        var (code, said) = await PromtoolAsync(["test", "rules", "test.yml"], ("test.yml", test));
        return (code, code == 0 ? string.Empty : said);
    }

    /// <summary>Runs the tool in a folder with the page's alerts and a file.</summary>
    private static async Task<(int Code, string Said)> PromtoolAsync(string[] arguments, (string Name, string Text) file)
    {
        var folder = Directory.CreateTempSubdirectory("jobapi-rules-");

        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "jobapi.rules.yml"), Page.Alerts);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, file.Name), file.Text);
            using var promtool = Process.Start(new ProcessStartInfo(Tool.Find("promtool")!, arguments)
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;

            var (output, complaint) = (promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync());
            await promtool.WaitForExitAsync();
            return (promtool.ExitCode, await output + await complaint);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The families that an expression names: identifiers that are no function, no label and no word of the language. <c>up</c> is Prometheus' own.</summary>
    private static IEnumerable<string> Used(string expression) =>
        Identifier().Matches(NotFigures().Replace(expression, " ")).Select(name => name.Value).Where(name => name is not ("up" or "and" or "or" or "unless"));

    [GeneratedRegex("""targets: \["([^"]+)"\]""")]
    private static partial Regex Target();

    /// <summary>Matchers, durations and lists of labels.</summary>
    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]|\b(?:by|on)\s*\([^)]*\)")]
    private static partial Regex NotFigures();

    [GeneratedRegex(@"\b[a-zA-Z_]\w*\b(?!\s*\()")]
    private static partial Regex Identifier();
}
