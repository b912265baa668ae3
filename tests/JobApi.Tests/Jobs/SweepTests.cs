using JobApi.Tests.Support;

namespace JobApi.Tests.Jobs;

/// <summary>Cancel, retry and delete by filter.</summary>
public sealed class SweepTests(ApiFactory server) : IClassFixture<ApiFactory>
{
    private readonly Api _api = server.Api;

    [Fact]
    public async Task Jobs_that_a_filter_finds_are_canceled_and_others_are_not()
    {
        await LaterAsync("sweep-a", 3);
        var other = (await LaterAsync("sweep-b", 1))[0];
        var running = await _api.SubmitAsync("gate", """{"gate":"sweep"}""", ""","queue":"sweep-a" """);
        await server.Gates.Started("sweep");

        var canceled = await _api.PostAsync("/jobs/cancel", """{"queue":"sweep-a","reason":"over"}""");
        var again = await _api.PostAsync("/jobs/cancel", """{"queue":"sweep-a","state":["scheduled","queued"]}""");

        Assert.Equal((200, 4, 3, 1, false), (canceled.Status, Number(canceled, "matched"), Number(canceled, "changed"), Number(canceled, "requested"), canceled["more"].GetBoolean()));
        Assert.Equal((0, 0), (Number(again, "matched"), Number(again, "changed")));
        Assert.Equal("canceled", (await _api.GetAsync($"/jobs/{running}?wait=30")).Text("state"));
        Assert.Equal("scheduled", (await _api.GetAsync("/jobs/" + other)).Text("state"));
        Assert.Equal("over", (await _api.GetAsync("/jobs?queue=sweep-a"))["items"][1].GetProperty("cancelReason").GetString());
    }

    [Fact]
    public async Task Failed_and_canceled_jobs_are_retried_and_what_has_ended_is_deleted()
    {
        await _api.RunAsync("fail", """{"permanent":true}""", ""","tags":{"sweep":"c","empty":""}""");
        await _api.RunAsync("echo", """{"text":"x"}""", ""","tags":{"sweep":"c"}""");
        var later = await _api.SubmitAsync("echo", """{"text":"x"}""", ""","delaySeconds":1000,"tags":{"sweep":"c"}""");

        var retried = await _api.PostAsync("/jobs/retry", """{"tags":{"sweep":"c"}}""");
        var job = (await _api.GetAsync("/jobs?tag.sweep=c&type=fail"))["items"][0].GetProperty("id").GetString();
        Assert.Equal(2, (await _api.GetAsync($"/jobs/{job}?wait=30"))["attempt"].GetInt32());
        var deleted = await _api.PostAsync("/jobs/delete", """{"tags":{"sweep":"c"}}""");

        Assert.Equal((1, 1), (Number(retried, "matched"), Number(retried, "changed")));
        Assert.Equal((2, 2), (Number(deleted, "matched"), Number(deleted, "changed")));
        Assert.Equal([later], (await _api.GetAsync("/jobs?tag.sweep=c"))["items"].EnumerateArray().Select(item => item.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task One_call_does_a_bounded_part_and_says_how_to_go_on()
    {
        await LaterAsync("sweep-many", 1_000);
        await LaterAsync("sweep-many", 450);

        var first = await _api.PostAsync("/jobs/cancel", """{"queue":"sweep-many"}""");
        var token = first.Text("nextPageToken");
        var second = await _api.PostAsync("/jobs/cancel", $$"""{"queue":"sweep-many","pageToken":"{{token}}"}""");

        Assert.Equal((1_000, true), (Number(first, "changed"), first["more"].GetBoolean()));
        Assert.Equal((450, false), (Number(second, "changed"), second["more"].GetBoolean()));
        Assert.False(second.Has("nextPageToken"));
        (await _api.PostAsync("/jobs/retry", $$"""{"queue":"sweep-many","pageToken":"{{token}}"}""")).IsProblem(400, "invalid-request", "/pageToken");
        (await _api.PostAsync("/jobs/cancel", $$"""{"queue":"other","pageToken":"{{token}}"}""")).IsProblem(400, "invalid-request", "/pageToken");
    }

    [Theory]
    [InlineData("{}", "")]
    [InlineData("""{"state":[],"tags":{}}""", "")]
    [InlineData("""{"reason":"x"}""", "")]
    [InlineData("""{"state":["waiting"]}""", "/state")]
    [InlineData("""{"queue":""}""", "/queue")]
    public async Task A_filter_that_says_nothing_or_what_is_not_known_is_refused(string body, string place) =>
        (await _api.PostAsync("/jobs/cancel", body)).IsProblem(400, "invalid-request", place);

    private static int Number(Answer answer, string member) => answer[member].GetInt32();

    private async Task<string[]> LaterAsync(string queue, int count)
    {
        var job = $$"""{"type":"echo","payload":{"text":"x"},"delaySeconds":1000,"queue":"{{queue}}"}""";
        var bulk = await _api.PostAsync("/jobs/bulk", $"[{string.Join(',', Enumerable.Repeat(job, count))}]");

        return [.. bulk["items"].EnumerateArray().Select(item => item.GetProperty("job").GetProperty("id").GetString()!)];
    }
}
