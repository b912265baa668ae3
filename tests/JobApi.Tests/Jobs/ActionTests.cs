using System.Net;
using JobApi.Tests.Support;

namespace JobApi.Tests.Jobs;

public sealed class ActionTests(ApiFactory server) : IClassFixture<ApiFactory>
{
    private readonly Api _api = server.Api;

    [Fact]
    public async Task A_job_that_has_not_started_is_canceled_at_once_and_only_once()
    {
        var id = await _api.SubmitAsync("echo", """{"text":"c"}""", ""","delaySeconds":1000""");

        var first = await _api.PostAsync($"/jobs/{id}/cancel", """{"reason":"changed my mind"}""");
        var again = await _api.PostAsync($"/jobs/{id}/cancel");

        Assert.Equal((200, 200), (first.Status, again.Status));
        Assert.Equal("canceled", first.Text("state"));
        Assert.Equal("changed my mind", again.Text("cancelReason"));
        Assert.Equal(first["version"].GetInt64(), again["version"].GetInt64());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancellation_without_a_body_may_name_a_media_type(bool isChunked)
    {
        var id = await _api.SubmitAsync("echo", """{"text":"c"}""", ""","delaySeconds":1000""");
        using HttpContent content = isChunked ? new StreamContent(new UnknownLength()) : new ByteArrayContent([]);
        content.Headers.ContentType = new("application/json");

        Assert.Equal(200, (await _api.SendAsync(HttpMethod.Post, $"/jobs/{id}/cancel", content)).Status);
    }

    /// <summary>HTTP/2 knows no chunks, so nothing but the body itself says that there is one.</summary>
    [Fact]
    public async Task A_reason_that_comes_over_http_2_without_its_length_is_kept()
    {
        var id = await _api.SubmitAsync("echo", """{"text":"c"}""", ""","delaySeconds":1000""");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/jobs/{id}/cancel")
        {
            Version = HttpVersion.Version20,
            Content = new StreamContent(new UnknownLength("""{"reason":"over two"}"""u8.ToArray())) { Headers = { ContentType = new("application/json") } },
        };

        using var answer = await _api.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("over two", (await _api.GetAsync("/jobs/" + id)).Text("cancelReason"));
    }

    /// <summary>A stream that does not say how long it is.</summary>
    private sealed class UnknownLength(params byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }

    [Fact]
    public async Task A_running_job_is_asked_to_stop()
    {
        var id = await _api.SubmitAsync("gate", """{"gate":"cancel"}""");
        await server.Gates.Started("cancel");

        var asked = await _api.PostAsync($"/jobs/{id}/cancel");
        var ended = await _api.GetAsync($"/jobs/{id}?wait=30");

        Assert.Equal(202, asked.Status);
        Assert.Equal("/jobs/" + id, asked.Header("Location"));
        Assert.True(asked.Has("cancelRequestedAt"));
        Assert.Equal("canceled", ended.Text("state"));
    }

    [Fact]
    public async Task A_job_that_has_ended_cannot_be_canceled()
    {
        var id = (await _api.RunAsync("echo", """{"text":"c"}""")).Text("id");

        (await _api.PostAsync($"/jobs/{id}/cancel")).IsProblem(409, "job-finished");
    }

    [Fact]
    public async Task A_cancellation_is_as_strict_as_a_submission()
    {
        var id = await _api.SubmitAsync("echo", """{"text":"c"}""", ""","delaySeconds":1000""");

        (await _api.PostAsync($"/jobs/{id}/cancel", """{"why":"x"}""")).IsProblem(400, "malformed-json", "/why");
        (await _api.PostAsync($"/jobs/{id}/cancel", $$"""{"reason":"{{new string('x', 501)}}"}""")).IsProblem(400, "invalid-request", "/reason");
        Assert.Equal("scheduled", (await _api.GetAsync("/jobs/" + id)).Text("state"));
    }

    [Fact]
    public async Task A_failed_job_is_retried_under_its_id()
    {
        var id = (await _api.RunAsync("fail", """{"permanent":true}""", ""","queue":"retries","priority":3""")).Text("id");

        var retried = await _api.PostAsync($"/jobs/{id}/retry");
        var ended = await _api.GetAsync($"/jobs/{id}?wait=30");

        Assert.Equal(202, retried.Status);
        Assert.Equal("/jobs/" + id, retried.Header("Location"));
        Assert.Equal(2, ended["attempt"].GetInt32());
        Assert.Equal("retries", ended.Text("queue"));
        Assert.Equal(3, ended["priority"].GetInt32());
    }

    [Fact]
    public async Task A_job_that_succeeded_cannot_be_retried()
    {
        var id = (await _api.RunAsync("echo", """{"text":"r"}""")).Text("id");

        (await _api.PostAsync($"/jobs/{id}/retry")).IsProblem(409, "job-not-retryable");
    }

    [Fact]
    public async Task A_retry_and_a_deletion_can_depend_on_the_version_that_was_seen()
    {
        var id = (await _api.RunAsync("fail", """{"permanent":true}""")).Text("id");
        var seen = ("If-Match", (await _api.GetAsync("/jobs/" + id)).Header("ETag")!);
        var none = ("If-Match", "\"99\"");

        (await _api.PostAsync($"/jobs/{id}/retry", null, none)).IsProblem(412, "other-version");
        (await DeleteAsync(none)).IsProblem(412, "other-version");
        (await _api.PostAsync($"/jobs/{id}/retry", null, ("If-Match", "3"))).IsProblem(400, "invalid-request", "If-Match");
        (await DeleteAsync(("If-Match", "3"))).IsProblem(400, "invalid-request", "If-Match");
        Assert.Equal(seen.Item2, (await _api.GetAsync("/jobs/" + id)).Header("ETag"));

        Assert.Equal(202, (await _api.PostAsync($"/jobs/{id}/retry", null, seen)).Status);
        var again = await _api.GetAsync($"/jobs/{id}?wait=30");
        (await _api.PostAsync($"/jobs/{id}/retry", null, seen)).IsProblem(412, "other-version");
        (await DeleteAsync(seen)).IsProblem(412, "other-version");
        Assert.Equal(204, (await DeleteAsync(("If-Match", again.Header("ETag")!))).Status);

        Task<Answer> DeleteAsync((string, string) condition) => _api.SendAsync(HttpMethod.Delete, "/jobs/" + id, null, condition);
    }

    [Fact]
    public async Task Only_a_finished_job_is_deleted()
    {
        var id = await _api.SubmitAsync("gate", """{"gate":"delete"}""");

        (await _api.DeleteAsync("/jobs/" + id)).IsProblem(409, "job-not-finished");
        server.Gates.Open("delete");
        await _api.GetAsync($"/jobs/{id}?wait=30");

        Assert.Equal(204, (await _api.DeleteAsync("/jobs/" + id)).Status);
        (await _api.DeleteAsync("/jobs/" + id)).IsProblem(404, "job-not-found");
        Assert.DoesNotContain(id, (await _api.GetAsync("/jobs?type=gate")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/cancel")]
    [InlineData("POST", "/retry")]
    [InlineData("DELETE", "")]
    public async Task Nothing_can_be_done_to_an_unknown_job(string method, string part) =>
        (await _api.SendAsync(new HttpMethod(method), $"/jobs/{Guid.CreateVersion7()}{part}", null)).IsProblem(404, "job-not-found");
}
