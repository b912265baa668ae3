using JobApi.Engine.Storage;
using JobApi.Tests.Support;

namespace JobApi.Tests.Jobs;

public sealed class ListTests(ApiFactory server) : IClassFixture<ApiFactory>
{
    private readonly Api _api = server.Api;

    [Fact]
    public async Task A_tag_can_be_searched_by_its_empty_value()
    {
        var id = await _api.SubmitAsync("echo", """{"text":"x"}""", ""","tags":{"empty-tag":""}""");
        await _api.SubmitAsync("echo", """{"text":"x"}""", ""","tags":{"empty-tag":"full"}""");

        var found = await _api.GetAsync("/jobs?tag.empty-tag=");

        Assert.Equal([id], found["items"].EnumerateArray().Select(job => job.GetProperty("id").GetString()));
        (await _api.GetAsync("/jobs?queue=")).IsProblem(400, "invalid-request", "?queue");
    }

    [Fact]
    public async Task Pages_show_every_job_once_newest_first()
    {
        var submitted = new List<string>();

        for (var i = 0; i < 7; i++)
        {
            submitted.Add(await _api.SubmitAsync("echo", """{"text":"p"}""", ""","queue":"pages" """));
        }

        var listed = new List<string>();
        string? token = null;

        do
        {
            var page = await _api.GetAsync("/jobs?queue=pages&pageSize=3" + (token is null ? string.Empty : "&pageToken=" + token));
            Assert.InRange(page["items"].GetArrayLength(), 0, 3);
            listed.AddRange(Ids(page));
            token = page.Has("nextPageToken") ? page.Text("nextPageToken") : null;
        }
        while (token is not null);

        submitted.Reverse();
        Assert.Equal(submitted, listed);
    }

    [Fact]
    public async Task Large_jobs_make_short_pages_and_all_of_them_are_listed_and_acted_on()
    {
        await using var large = new ApiFactory([("JobApi:Http:MaxJsonBytes", "6000000")]);
        var payload = $$"""{"text":"{{new string('x', JobQuery.MaxBytes)}}"}""";
        string[] submitted = [await LaterAsync(payload), await LaterAsync(payload), await LaterAsync("""{"text":"x"}"""), await LaterAsync(payload)];

        var first = await large.Api.GetAsync("/jobs");
        var second = await large.Api.GetAsync("/jobs?pageToken=" + first.Text("nextPageToken"));
        var third = await large.Api.GetAsync("/jobs?pageToken=" + second.Text("nextPageToken"));
        var canceled = await large.Api.PostAsync("/jobs/cancel", """{"type":"echo"}""");

        Assert.Equal([[submitted[3]], [submitted[2], submitted[1]], [submitted[0]]], new[] { Ids(first), Ids(second), Ids(third) });
        Assert.False(third.Has("nextPageToken"));
        Assert.Equal((4, false), (canceled["changed"].GetInt32(), canceled["more"].GetBoolean()));

        Task<string> LaterAsync(string text) => large.Api.SubmitAsync("echo", text, ""","delaySeconds":1000""");
    }

    [Fact]
    public async Task Filters_all_hold()
    {
        var wanted = (await _api.RunAsync("echo", """{"text":"f"}""", ""","queue":"filters","tags":{"team":"a&b"}""")).Text("id");
        var other = (await _api.RunAsync("fail", """{"permanent":true}""", ""","queue":"filters","tags":{"team":"b"}""")).Text("id");

        Assert.Equal([wanted], Ids(await _api.GetAsync("/jobs?queue=filters&state=succeeded")));
        Assert.Equal([other], Ids(await _api.GetAsync("/jobs?queue=filters&type=fail")));
        Assert.Equal([wanted], Ids(await _api.GetAsync("/jobs?tag.team=a%26b")));
        Assert.Equal([other, wanted], Ids(await _api.GetAsync("/jobs?queue=filters&state=succeeded,failed")));
        Assert.Equal([other, wanted], Ids(await _api.GetAsync("/jobs?queue=filters&state=succeeded&state=failed&createdAfter=2020-01-01T00:00:00Z")));
        Assert.Empty(Ids(await _api.GetAsync("/jobs?queue=filters&createdBefore=2020-01-01T00:00:00%2B02:00")));
        Assert.Empty(Ids(await _api.GetAsync("/jobs?queue=filters&state=running")));
    }

    [Theory]
    [InlineData("pageSize=0", "?pageSize")]
    [InlineData("pageSize=201", "?pageSize")]
    [InlineData("pageSize=ten", "?pageSize")]
    [InlineData("pageSize=1&pageSize=2", "?pageSize")]
    [InlineData("state=done", "?state")]
    [InlineData("state=", "?state")]
    [InlineData("type=", "?type")]
    [InlineData("createdAfter=yesterday", "?createdAfter")]
    [InlineData("createdBefore=2030-01-01", "?createdBefore")]
    [InlineData("pageToken=abc", "?pageToken")]
    [InlineData("pageToken=AAAAAAAAAAAAAAAAAAAAAA", "?pageToken")]
    [InlineData("sate=queued", "?sate")]
    [InlineData("tag.=x", "?tag.")]
    [InlineData("q=-", "?q")]
    public async Task A_filter_that_makes_no_sense_is_refused(string query, string place) =>
        (await _api.GetAsync("/jobs?" + query)).IsProblem(400, "invalid-request", place);

    [Fact]
    public async Task A_token_belongs_to_its_filters_and_cannot_be_edited()
    {
        await _api.SubmitAsync("echo", """{"text":"t"}""", ""","queue":"tokens" """);
        await _api.SubmitAsync("echo", """{"text":"t"}""", ""","queue":"tokens" """);
        var token = (await _api.GetAsync("/jobs?queue=tokens&pageSize=1")).Text("nextPageToken");
        var edited = (token[0] == 'A' ? 'B' : 'A') + token[1..];

        Assert.Equal(200, (await _api.GetAsync($"/jobs?pageToken={token}&queue=tokens&pageSize=5")).Status);
        (await _api.GetAsync($"/jobs?queue=others&pageToken={token}")).IsProblem(400, "invalid-request", "?pageToken");
        (await _api.GetAsync($"/jobs?queue=tokens&pageToken={edited}")).IsProblem(400, "invalid-request", "?pageToken");
    }

    private static string[] Ids(Answer page) => [.. page["items"].EnumerateArray().Select(job => job.GetProperty("id").GetString()!)];
}
