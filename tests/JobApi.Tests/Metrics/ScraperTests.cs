using System.Diagnostics;
using JobApi.Testing;
using JobApi.Tests.Support;

namespace JobApi.Tests.Metrics;

/// <summary>The metrics before those who scrape them: Prometheus' own checker, and a strict reader of OpenMetrics.</summary>
public sealed class ScraperTests(ApiFactory server) : IClassFixture<ApiFactory>
{
    private const string Good = "# HELP a_seconds How long.\n# TYPE a_seconds histogram\n# UNIT a_seconds seconds\na_seconds_bucket{t=\"x\",le=\"1.0\"} 1\na_seconds_bucket{t=\"x\",le=\"+Inf\"} 2\na_seconds_sum{t=\"x\"} 3.5\na_seconds_count{t=\"x\"} 2\n# EOF\n";

    [ToolFact("promtool")]
    public async Task The_checker_of_Prometheus_has_no_complaint()
    {
        var text = await ScrapeAsync("text/plain");

        Assert.Equal((0, string.Empty), await CheckAsync(text));
    }

    [ToolFact("promtool")]
    public async Task The_checker_of_Prometheus_complains_about_a_counter_without_its_ending()
    {
        var (code, complaint) = await CheckAsync((await ScrapeAsync("text/plain")).Replace("jobapi_jobs_failed_total", "jobapi_jobs_failed", StringComparison.Ordinal));

        Assert.NotEqual(0, code);
        Assert.Contains("jobapi_jobs_failed", complaint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenMetrics_keeps_to_the_specification() => Assert.Null(OpenMetricsText.Fault(await ScrapeAsync("application/openmetrics-text")));

    [Theory]
    [InlineData("# EOF\n", "")]
    [InlineData("# UNIT a_seconds seconds", "# UNIT a_seconds bytes")]
    [InlineData("le=\"1.0\"", "le=\"1\"")]
    [InlineData("le=\"+Inf\"", "le=\"2.0\"")]
    [InlineData("a_seconds_count{t=\"x\"} 2", "a_seconds_count{t=\"x\"} 3")]
    [InlineData("a_seconds_sum{t=\"x\"} 3.5\n", "")]
    [InlineData("\"1.0\"} 1", "\"1.0\"} 3")]
    [InlineData("# EOF", "# TYPE b counter\nb 1\n# EOF")]
    [InlineData("# EOF", "# TYPE b gauge\nb 1\n# TYPE a_seconds gauge\n# EOF")]
    [InlineData("# EOF", "\n# EOF")]
    [InlineData("# EOF", "# TYPE b gauge\nb{a=\"1\",a=\"2\"} 1\n# EOF")]
    [InlineData("# EOF", "# TYPE b gauge\nb{a=\"1\"} 1\nb{a=\"1\"} 2\n# EOF")]
    public void The_reader_of_OpenMetrics_finds_what_is_wrong(string right, string wrong)
    {
        Assert.Null(OpenMetricsText.Fault(Good));
        Assert.NotNull(OpenMetricsText.Fault(Good.Replace(right, wrong, StringComparison.Ordinal)));
    }

    private async Task<string> ScrapeAsync(string accept)
    {
        await server.Api.RunAsync("echo", """{"text":"m"}""", ""","queue":"scraped" """);
        await server.Api.RunAsync("fail", """{"permanent":true}""");

        return (await server.Api.GetAsync("/metrics", ("Accept", accept))).Body;
    }

    private static async Task<(int Code, string Complaint)> CheckAsync(string text)
    {
        using var promtool = Process.Start(new ProcessStartInfo(Tool.Find("promtool")!, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

        var said = promtool.StandardOutput.ReadToEndAsync();
        var complaint = promtool.StandardError.ReadToEndAsync();
        await promtool.StandardInput.WriteAsync(text);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync();

        return (promtool.ExitCode, await said + await complaint);
    }
}
