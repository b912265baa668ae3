using System.Net.Http.Headers;
using System.Text;
using JobApi.Tests.Support;

namespace JobApi.Tests.Jobs;

public sealed class AmendTests(ApiFactory server) : IClassFixture<ApiFactory>
{
    private readonly Api _api = server.Api;

    [Fact]
    public async Task A_job_that_has_not_started_is_changed()
    {
        var id = await LaterAsync(""","tags":{"a":"1","b":"2"}""");

        var changed = await _api.PatchAsync("/jobs/" + id, """{"priority":7,"tags":{"a":null,"c":"3"}}""");
        var seen = await _api.GetAsync("/jobs/" + id);

        Assert.Equal(200, changed.Status);
        Assert.Equal(seen.Body, changed.Body);
        Assert.Equal((7, """{"b":"2","c":"3"}"""), (seen["priority"].GetInt32(), seen["tags"].GetRawText()));
        Assert.Equal(seen.Header("ETag"), changed.Header("ETag"));
    }

    [Fact]
    public async Task A_job_that_may_start_now_does()
    {
        var id = await LaterAsync();

        var changed = await _api.PatchAsync("/jobs/" + id, """{"runAt":"2020-01-01T00:00:00Z"}""");

        Assert.Equal("queued", changed.Text("state"));
        Assert.Equal("succeeded", (await _api.GetAsync($"/jobs/{id}?wait=30")).Text("state"));
    }

    [Fact]
    public async Task A_merge_patch_is_taken_by_its_own_name()
    {
        var id = await LaterAsync();
        var body = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"priority":1}""")) { Headers = { ContentType = new MediaTypeHeaderValue("application/merge-patch+json") } };

        Assert.Equal(200, (await _api.SendAsync(HttpMethod.Patch, "/jobs/" + id, body)).Status);
    }

    [Theory]
    [InlineData("application/json", """{"priority":5,"tags":null}""", "/tags")]
    [InlineData("application/merge-patch+json", """{"priority":5,"tags":null}""", "/tags")]
    [InlineData("application/merge-patch+json", """{"priority":null,"tags":{"a":"2"}}""", "/priority")]
    [InlineData("application/merge-patch+json", """{"priority":5,"runAt":null}""", "/runAt")]
    public async Task What_cannot_be_taken_away_cannot_be_null(string type, string body, string place)
    {
        var id = await LaterAsync(""","tags":{"a":"1"}""");
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };

        (await _api.SendAsync(HttpMethod.Patch, "/jobs/" + id, content)).IsProblem(400, "malformed-json", place);
        Assert.Equal(1, (await _api.GetAsync("/jobs/" + id))["version"].GetInt32());
    }

    [Theory]
    [InlineData("{}", "invalid-request", "")]
    [InlineData("""{"priority":101}""", "invalid-request", "/priority")]
    [InlineData("""{"runAt":"2999-01-01T00:00:00Z"}""", "invalid-request", "/runAt")]
    [InlineData("""{"tags":{"":"x"}}""", "invalid-request", "/tags")]
    [InlineData("""{"queue":"other"}""", "malformed-json", "/queue")]
    public async Task A_change_is_as_strict_as_a_submission(string body, string word, string place) =>
        (await _api.PatchAsync("/jobs/" + await LaterAsync(), body)).IsProblem(400, word, place);

    [Fact]
    public async Task A_job_never_gets_too_many_tags()
    {
        var id = await LaterAsync(""","tags":{"more":"1"}""");
        var tags = string.Join(',', Enumerable.Range(0, 20).Select(number => $"\"{number}\":\"x\""));

        (await _api.PatchAsync("/jobs/" + id, "{\"tags\":{" + tags + "}}")).IsProblem(400, "invalid-request", "/tags");
    }

    [Fact]
    public async Task What_has_started_or_ended_cannot_be_changed()
    {
        var running = await _api.SubmitAsync("gate", """{"gate":"amend"}""");
        await server.Gates.Started("amend");
        var ended = (await _api.RunAsync("echo", """{"text":"e"}""")).Text("id");

        (await _api.PatchAsync("/jobs/" + running, """{"priority":1}""")).IsProblem(409, "job-started");
        (await _api.PatchAsync("/jobs/" + ended, """{"priority":1}""")).IsProblem(409, "job-started");
        (await _api.PatchAsync("/jobs/" + Guid.CreateVersion7(), """{"priority":1}""")).IsProblem(404, "job-not-found");
        server.Gates.Open("amend");
    }

    [Fact]
    public async Task A_change_can_depend_on_the_version_that_was_seen()
    {
        var id = await LaterAsync();
        var seen = ("If-Match", (await _api.GetAsync("/jobs/" + id)).Header("ETag")!);

        var first = await _api.PatchAsync("/jobs/" + id, """{"priority":1}""", seen);

        Assert.Equal(200, first.Status);
        (await _api.PatchAsync("/jobs/" + id, """{"priority":2}""", seen)).IsProblem(412, "other-version");
        (await _api.PostAsync($"/jobs/{id}/cancel", null, seen)).IsProblem(412, "other-version");
        (await _api.PatchAsync("/jobs/" + id, """{"priority":2}""", ("If-Match", "\"of another house\""))).IsProblem(412, "other-version");
        (await _api.PatchAsync("/jobs/" + id, """{"priority":2}""", ("If-Match", "no tag"))).IsProblem(400, "invalid-request", "If-Match");
        Assert.Equal(200, (await _api.PatchAsync("/jobs/" + id, """{"priority":2}""", ("If-Match", "*"))).Status);
        Assert.Equal(200, (await _api.PostAsync($"/jobs/{id}/cancel", null, ("If-Match", "\"1\", \"3\""))).Status);
    }

    [Fact]
    public async Task The_tag_of_a_job_that_has_not_ended_is_weak_because_its_body_shows_more_than_the_job()
    {
        var waiting = await _api.GetAsync("/jobs/" + await LaterAsync());
        var ended = await _api.GetAsync("/jobs/" + (await _api.RunAsync("echo", """{"text":"e"}""")).Text("id"));

        Assert.Equal($"W/\"{waiting["version"].GetInt64()}\"", waiting.Header("ETag"));
        Assert.Equal($"\"{ended["version"].GetInt64()}\"", ended.Header("ETag"));
    }

    private Task<string> LaterAsync(string more = "") => _api.SubmitAsync("echo", """{"text":"later"}""", ""","delaySeconds":1000""" + more);
}
