using JobApi.Tests.Support;

namespace JobApi.Tests.Jobs;

public sealed class ReadTests(ApiFactory server) : IClassFixture<ApiFactory>
{
    private readonly Api _api = server.Api;

    [Fact]
    public async Task A_finished_job_tells_its_whole_story()
    {
        var job = await _api.RunAsync("echo", """{"text":"story"}""");

        var answer = await _api.GetAsync("/jobs/" + job.Text("id"));

        Assert.Equal(200, answer.Status);
        Assert.Equal("succeeded", answer.Text("state"));
        Assert.True(answer["done"].GetBoolean());
        Assert.Equal("story", answer.Text("result.text"));
        Assert.Equal(1, answer["attempt"].GetInt32());
        Assert.NotEmpty(answer.Text("worker"));
        Assert.True(answer["durationMs"].GetDouble() >= 0);
        Assert.True(answer["finishedAt"].GetDateTimeOffset() >= answer["startedAt"].GetDateTimeOffset());
        Assert.Equal($"\"{answer["version"].GetInt64()}\"", answer.Header("ETag"));
        Assert.False(answer.Has("waiting"));
        Assert.False(answer.Has("error"));
    }

    [Fact]
    public async Task A_failed_job_is_a_good_answer()
    {
        var job = await _api.RunAsync("fail", """{"permanent":true}""");

        var answer = await _api.GetAsync("/jobs/" + job.Text("id"));

        Assert.Equal(200, answer.Status);
        Assert.Equal("failed", answer.Text("state"));
        Assert.Equal("asked-to", answer.Text("error.type"));
        Assert.Equal(1, answer["error.attempt"].GetInt32());
    }

    [Fact]
    public async Task A_running_job_names_its_worker()
    {
        var id = await _api.SubmitAsync("gate", """{"gate":"worker"}""");
        await server.Gates.Started("worker");

        var answer = await _api.GetAsync("/jobs/" + id);

        Assert.Equal("running", answer.Text("state"));
        Assert.NotEmpty(answer.Text("worker"));
        Assert.Equal("1", answer.Header("Retry-After"));
        server.Gates.Open("worker");
    }

    [Fact]
    public async Task Waiting_ends_with_the_job()
    {
        var id = await _api.SubmitAsync("gate", """{"gate":"wait"}""");
        var waiting = _api.GetAsync($"/jobs/{id}?wait=30");
        server.Gates.Open("wait");

        Assert.Equal("succeeded", (await waiting).Text("state"));
    }

    [Fact]
    public async Task A_version_the_caller_has_is_not_sent_again()
    {
        var job = await _api.RunAsync("echo", """{"text":"same"}""");
        var path = "/jobs/" + job.Text("id");
        var tag = (await _api.GetAsync(path)).Header("ETag")!;

        Assert.Equal(304, (await _api.GetAsync(path, ("If-None-Match", tag))).Status);
        Assert.Equal(304, (await _api.GetAsync(path, ("If-None-Match", "\"999\", W/" + tag))).Status);
        Assert.Equal(304, (await _api.GetAsync(path + "?wait=0.01", ("If-None-Match", tag))).Status);
        Assert.Equal(200, (await _api.GetAsync(path, ("If-None-Match", "\"999\""))).Status);
    }

    [Fact]
    public async Task Waiting_with_a_version_ends_with_the_next_change()
    {
        var id = await _api.SubmitAsync("gate", """{"gate":"change"}""");
        await server.Gates.Started("change");
        var running = await _api.GetAsync("/jobs/" + id);
        var waiting = _api.GetAsync($"/jobs/{id}", ("If-None-Match", running.Header("ETag")!), ("Prefer", "wait=30"));
        server.Gates.Open("change");

        var changed = await waiting;

        Assert.Equal(200, changed.Status);
        Assert.True(changed["version"].GetInt64() > running["version"].GetInt64());
        Assert.Equal("wait=30", changed.Header("Preference-Applied"));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("1e3")]
    [InlineData("1&wait=2")]
    public async Task A_wait_that_is_no_number_is_refused(string wait) =>
        (await _api.GetAsync($"/jobs/{Guid.CreateVersion7()}?wait={wait}")).IsProblem(400, "invalid-request", "?wait");

    [Fact]
    public async Task The_result_alone_is_what_the_handler_returned()
    {
        var job = await _api.RunAsync("echo", """{"text":"alone"}""");

        var answer = await _api.GetAsync($"/jobs/{job.Text("id")}/result");

        Assert.Equal(200, answer.Status);
        Assert.Equal("""{"text":"alone"}""", answer.Body);
    }

    [Fact]
    public async Task There_is_no_result_before_the_end()
    {
        var id = await _api.SubmitAsync("gate", """{"gate":"early"}""");

        var answer = await _api.GetAsync($"/jobs/{id}/result");

        Assert.Equal(202, answer.Status);
        Assert.Equal("/jobs/" + id, answer.Header("Location"));
        Assert.Equal("1", answer.Header("Retry-After"));
        server.Gates.Open("early");
    }

    [Fact]
    public async Task There_is_no_result_of_a_failed_or_canceled_job()
    {
        var failed = await _api.RunAsync("fail", """{"permanent":true}""");
        var canceled = await _api.SubmitAsync("echo", """{"text":"a"}""", ""","delaySeconds":1000""");
        await _api.PostAsync($"/jobs/{canceled}/cancel", """{"reason":"not needed"}""");

        (await _api.GetAsync($"/jobs/{failed.Text("id")}/result")).IsProblem(409, "job-failed");
        Assert.Contains("not needed", (await _api.GetAsync($"/jobs/{canceled}/result")).IsProblem(409, "job-canceled").Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attempts_are_listed_with_how_they_ended()
    {
        var job = await _api.RunAsync("fail", """{"permanent":false}""", ""","maxAttempts":2,"backoff":{"kind":"constant","baseSeconds":0,"maxSeconds":0}""");

        var answer = await _api.GetAsync($"/jobs/{job.Text("id")}/attempts");

        Assert.Equal(["scheduled", "failed"], answer["items"].EnumerateArray().Select(attempt => attempt.GetProperty("outcome").GetString()));
        Assert.Equal([1, 2], answer["items"].EnumerateArray().Select(attempt => attempt.GetProperty("number").GetInt32()));
        Assert.Equal("backoff", answer["items"][0].GetProperty("waiting").GetString());
        Assert.Equal("temporary", answer["items"][0].GetProperty("error").GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_log_is_read_on_from_where_it_was_left()
    {
        var id = (await _api.RunAsync("echo", """{"text":"line two"}""")).Text("id");

        var all = await _api.GetAsync($"/jobs/{id}/logs");
        var rest = await _api.GetAsync($"/jobs/{id}/logs?after=1");
        var none = await _api.GetAsync($"/jobs/{id}/logs?after=2");

        Assert.Equal(["echoing", "line two"], all["items"].EnumerateArray().Select(line => line.GetProperty("text").GetString()));
        Assert.Equal("line two", Assert.Single(rest["items"].EnumerateArray()).GetProperty("text").GetString());
        Assert.Equal(2, rest["nextAfter"].GetInt64());
        Assert.Empty(none["items"].EnumerateArray());
        Assert.Equal(2, none["nextAfter"].GetInt64());
        (await _api.GetAsync($"/jobs/{id}/logs?after=-1")).IsProblem(400, "invalid-request", "?after");
    }

    [Theory]
    [InlineData("")]
    [InlineData("/result")]
    [InlineData("/attempts")]
    [InlineData("/logs")]
    public async Task An_unknown_job_is_404_and_a_deleted_one_410(string part)
    {
        var id = (await _api.RunAsync("echo", """{"text":"gone"}""")).Text("id");
        await _api.DeleteAsync("/jobs/" + id);

        (await _api.GetAsync($"/jobs/{Guid.CreateVersion7()}{part}")).IsProblem(404, "job-not-found");
        (await _api.GetAsync($"/jobs/{id}{part}")).IsProblem(410, "job-gone");
    }
}
