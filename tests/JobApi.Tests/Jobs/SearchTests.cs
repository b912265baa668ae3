using JobApi.Tests.Support;

namespace JobApi.Tests.Jobs;

/// <summary><c>q</c>, in the list and in actions by filter, on the store that comes with an index.</summary>
public sealed class SearchTests : IAsyncLifetime
{
    private readonly ApiFactory _server = new([("JobApi:Store", "sqlite"), ("JobApi:Sqlite:BallastBytes", "0")]);

    private Api Api => _server.Api;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Words_are_found_in_payload_tags_and_error()
    {
        var payload = (await Api.RunAsync("echo", """{"text":"Rendez-vous à Genève"}""")).Text("id");
        var tag = (await Api.RunAsync("echo", """{"text":"x"}""", ""","tags":{"customer":"ACME Ltd"}""")).Text("id");
        var error = (await Api.RunAsync("fail", """{"permanent":true}""")).Text("id");
        var title = (await Api.GetAsync("/jobs/" + error)).Text("error.title");

        Assert.Equal([payload], Ids(await Api.GetAsync("/jobs?q=geneve%20rendez*")));
        Assert.Equal([tag], Ids(await Api.GetAsync("/jobs?q=%22acme%20ltd%22&state=succeeded&type=echo")));
        Assert.Equal([error], Ids(await Api.GetAsync("/jobs?q=" + Uri.EscapeDataString(title))));
        Assert.Empty(Ids(await Api.GetAsync("/jobs?q=acme&state=failed")));
    }

    [Fact]
    public async Task Actions_hit_what_is_found_and_nothing_else()
    {
        var hit = await Api.SubmitAsync("echo", """{"text":"old campaign"}""", ""","delaySeconds":1000""");
        var miss = await Api.SubmitAsync("echo", """{"text":"new campaign"}""", ""","delaySeconds":1000""");

        var canceled = await Api.PostAsync("/jobs/cancel", """{"q":"campaign old"}""");
        var deleted = await Api.PostAsync("/jobs/delete", """{"q":"campaign"}""");

        Assert.Equal((1, 1), (canceled["changed"].GetInt32(), deleted["changed"].GetInt32()));
        Assert.Equal(410, (await Api.GetAsync("/jobs/" + hit)).Status);
        Assert.Equal("scheduled", (await Api.GetAsync("/jobs/" + miss)).Text("state"));
    }

    [Theory]
    [InlineData("q=")]
    [InlineData("q=%2A")]
    [InlineData("q=a%2A")]
    [InlineData("q=x&q=y")]
    [InlineData("q=%00")]
    public async Task A_text_without_a_word_is_refused(string query) => (await Api.GetAsync("/jobs?" + query)).IsProblem(400, "invalid-request", "?q");

    [Theory]
    [InlineData("\"")]
    [InlineData("a\"b\"\"c\" OR dd*")]
    [InlineData("NEAR(a b, 2) AND NOT {c d}: ^e + f")]
    [InlineData("'; DROP TABLE job; -- x")]
    [InlineData("日本 🙂 ﷽ x")]
    public async Task No_text_is_a_mistake_of_syntax(string text)
    {
        var answer = await Api.GetAsync("/jobs?q=" + Uri.EscapeDataString(text));

        Assert.True(answer.Status == 200 || text == "\"", answer.Body);
        Assert.Empty(_server.Errors.Lines);
    }

    [Fact]
    public async Task A_text_too_long_is_refused_in_query_and_body()
    {
        var text = new string('x', 257);

        (await Api.GetAsync("/jobs?q=" + text)).IsProblem(400, "invalid-request", "?q");
        (await Api.PostAsync("/jobs/retry", $$"""{"q":"{{text}}"}""")).IsProblem(400, "invalid-request", "/q");
        (await Api.PostAsync("/jobs/delete", """{"q":""}""")).IsProblem(400, "invalid-request", "/q");
    }

    [Fact]
    public async Task A_token_belongs_to_its_text()
    {
        await Api.SubmitAsync("echo", """{"text":"same words"}""");
        await Api.SubmitAsync("echo", """{"text":"same words"}""");
        var token = (await Api.GetAsync("/jobs?q=same&pageSize=1")).Text("nextPageToken");

        Assert.Single(Ids(await Api.GetAsync($"/jobs?q=SAME&pageSize=5&pageToken={token}")));
        (await Api.GetAsync($"/jobs?q=words&pageToken={token}")).IsProblem(400, "invalid-request", "?pageToken");
    }

    [Fact]
    public async Task The_lag_is_among_the_metrics()
    {
        var json = await Api.GetAsync("/metrics");
        var text = (await Api.GetAsync("/metrics", ("Accept", "text/plain"))).Body;

        Assert.True(json["searchLagJobs"].GetInt64() >= 0);
        Assert.True(json["searchLagSeconds"].GetDouble() >= 0);
        Assert.Contains("\njobapi_search_lag_jobs ", text, StringComparison.Ordinal);
        Assert.Contains("\njobapi_search_lag_seconds ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_search_says_so()
    {
        await using var without = new ApiFactory([("JobApi:Search:Enabled", "false")]);

        Assert.Contains("JobApi:Search:Enabled", (await without.Api.GetAsync("/jobs?q=x")).IsProblem(400, "invalid-request", "?q").Body, StringComparison.Ordinal);
        (await without.Api.PostAsync("/jobs/cancel", """{"q":"x"}""")).IsProblem(400, "invalid-request", "/q");
        Assert.False((await without.Api.GetAsync("/metrics")).Has("searchLagJobs"));
    }

    private static string[] Ids(Answer page) => [.. page["items"].EnumerateArray().Select(job => job.GetProperty("id").GetString()!)];
}
