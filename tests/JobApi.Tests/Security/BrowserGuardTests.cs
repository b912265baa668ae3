using System.Text;
using JobApi.Tests.Support;

namespace JobApi.Tests.Security;

/// <summary>A page in somebody's browser must not drive the server on that machine.</summary>
public sealed class BrowserGuardTests(ApiFactory server) : IClassFixture<ApiFactory>
{
    private const string Body = """{"type":"echo","payload":{"text":"a"}}""";

    private readonly Api _api = server.Api;

    [Theory]
    [InlineData("localhost")]
    [InlineData("localhost:5080")]
    [InlineData("127.0.0.1:5080")]
    [InlineData("[::1]:5080")]
    public async Task Loopback_names_are_answered(string host) => Assert.Equal(200, (await _api.GetAsync("/health/live", ("Host", host))).Status);

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:5080")]
    [InlineData("localhost.evil.example")]
    [InlineData("192.168.0.7")]
    public async Task Every_other_name_is_refused(string host)
    {
        (await _api.GetAsync("/health/live", ("Host", host))).IsProblem(421, "unknown-host");
        (await _api.GetAsync("/swagger/v1/swagger.json", ("Host", host))).IsProblem(421, "unknown-host");
    }

    [Fact]
    public async Task A_name_that_is_configured_is_answered()
    {
        await using var named = new ApiFactory([("AllowedHosts", "jobs.example;*.jobs.example")]);

        Assert.Equal(200, (await named.Api.GetAsync("/health/live", ("Host", "jobs.example"))).Status);
        Assert.Equal(200, (await named.Api.GetAsync("/health/live", ("Host", "eu.jobs.example"))).Status);
        (await named.Api.GetAsync("/health/live", ("Host", "localhost"))).IsProblem(421, "unknown-host");
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "http://localhost:3000")]
    [InlineData("Origin", "http://localhost.evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Writes_of_other_sites_are_refused(string name, string value)
    {
        var job = $"/jobs/{Guid.CreateVersion7()}";

        (await _api.PostAsync("/jobs", Body, (name, value))).IsProblem(403, "foreign-origin");
        (await _api.PostAsync(job + "/cancel", null, (name, value))).IsProblem(403, "foreign-origin");
        (await _api.SendAsync(HttpMethod.Delete, job, null, (name, value))).IsProblem(403, "foreign-origin");
        (await _api.SendAsync(HttpMethod.Put, "/files", null, (name, value))).IsProblem(403, "foreign-origin");
        (await _api.SendAsync(HttpMethod.Patch, "/workers", null, (name, value))).IsProblem(403, "foreign-origin");
    }

    [Theory]
    [InlineData("http://localhost", "same-origin")]
    [InlineData("https://localhost", null)]
    [InlineData("http://LOCALHOST", null)]
    [InlineData(null, "none")]
    public async Task Writes_of_the_servers_own_page_pass(string? origin, string? site)
    {
        (string, string)[] headers = [.. Header("Origin", origin), .. Header("Sec-Fetch-Site", site)];

        Assert.Equal(202, (await _api.PostAsync("/jobs", Body, headers)).Status);
    }

    [Fact]
    public async Task A_site_that_is_configured_may_write_and_no_other()
    {
        await using var open = new ApiFactory([("JobApi:Http:AllowedOrigins:0", "https://jobs.example")]);

        Assert.Equal(202, (await open.Api.PostAsync("/jobs", Body, ("Origin", "https://jobs.example"), ("Sec-Fetch-Site", "cross-site"))).Status);
        (await open.Api.PostAsync("/jobs", Body, ("Origin", "https://jobs.example.evil"))).IsProblem(403, "foreign-origin");
    }

    [Fact]
    public async Task Reads_are_answered_without_leave_to_read_them()
    {
        var answer = await _api.GetAsync("/jobs", ("Origin", "https://evil.example"));

        Assert.Equal(200, answer.Status);
        Assert.Null(answer.Header("Access-Control-Allow-Origin"));
    }

    /// <summary>A form can post across sites without asking; what it can post must not be a job.</summary>
    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task A_form_is_not_a_job(string type)
    {
        using var form = new ByteArrayContent(Encoding.UTF8.GetBytes(Body));
        form.Headers.TryAddWithoutValidation("Content-Type", type);

        (await _api.SendAsync(HttpMethod.Post, "/jobs", form)).IsProblem(415, "unsupported-media-type");
    }

    private static (string, string)[] Header(string name, string? value) => value is null ? [] : [(name, value)];
}
