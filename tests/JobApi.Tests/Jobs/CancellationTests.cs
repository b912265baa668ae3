using JobApi.Tests.Support;

namespace JobApi.Tests.Jobs;

/// <summary>Who canceled a job, when, why, and how long it took. Over a socket, because only there a request comes from somewhere.</summary>
public sealed class CancellationTests(CancellationTests.SocketServer server) : IClassFixture<CancellationTests.SocketServer>
{
    private Api Api => server.Factory.Api;

    [Fact]
    public async Task A_job_that_has_not_started_says_who_canceled_it_and_that_it_took_no_time()
    {
        var id = await Api.SubmitAsync("echo", """{"text":"c"}""", ""","delaySeconds":1000""");
        Assert.False((await Api.GetAsync("/jobs/" + id)).Has("cancellation"));

        await Api.PostAsync($"/jobs/{id}/cancel", """{"reason":"changed my mind"}""");

        var job = await Api.GetAsync("/jobs/" + id);
        Assert.Equal(("client", "127.0.0.1", "changed my mind"), Who(job));
        Assert.Equal((job.Text("cancelRequestedAt"), 0.0), (job.Text("cancellation.requestedAt"), job["cancellation.durationMs"].GetDouble()));
    }

    [Fact]
    public async Task A_running_job_says_from_the_moment_of_asking_who_asked_and_in_the_end_how_long_it_took()
    {
        var id = await Api.SubmitAsync("gate", """{"gate":"who"}""");
        await server.Factory.Gates.Started("who");

        var asked = await Api.PostAsync($"/jobs/{id}/cancel");
        var ended = await Api.GetAsync($"/jobs/{id}?wait=30");

        Assert.Equal((202, "running"), (asked.Status, asked.Text("state")));
        Assert.Equal(["by", "address", "requestedAt"], asked["cancellation"].EnumerateObject().Select(member => member.Name));
        Assert.Equal(asked.Text("cancellation.requestedAt"), ended.Text("cancellation.requestedAt"));
        Assert.Equal(
            (ended["finishedAt"].GetDateTimeOffset() - ended["cancellation.requestedAt"].GetDateTimeOffset()).TotalMilliseconds,
            ended["cancellation.durationMs"].GetDouble());
    }

    [Fact]
    public async Task Jobs_that_a_filter_found_say_so()
    {
        var id = await Api.SubmitAsync("echo", """{"text":"c"}""", ""","queue":"who","delaySeconds":1000""");

        await Api.PostAsync("/jobs/cancel", """{"queue":"who","reason":"over"}""");

        Assert.Equal(("bulk", "127.0.0.1", "over"), Who(await Api.GetAsync("/jobs/" + id)));
    }

    [Fact]
    public async Task An_expired_job_was_canceled_by_its_expiry_and_a_retry_forgets_it()
    {
        await Api.PostAsync("/queues/late/pause");
        var id = await Api.SubmitAsync("echo", """{"text":"c"}""", ""","queue":"late","expiresInSeconds":0.1""");

        var expired = await Api.GetAsync($"/jobs/{id}?wait=30");
        var retried = await Api.PostAsync($"/jobs/{id}/retry");

        Assert.Equal(("expiry", null, "expired"), Who(expired));
        Assert.Equal((expired.Text("finishedAt"), 0.0), (expired.Text("cancellation.requestedAt"), expired["cancellation.durationMs"].GetDouble()));
        Assert.False(retried.Has("cancellation"));
    }

    private static (string? By, string? Address, string? Reason) Who(Answer job)
    {
        var cancellation = job["cancellation"];
        return (job.Text("cancellation.by"), cancellation.TryGetProperty("address", out var address) ? address.GetString() : null, job.Text("cancellation.reason"));
    }

    public sealed class SocketServer : IAsyncDisposable
    {
        internal ApiFactory Factory { get; } = new([], onSocket: true);

        public ValueTask DisposeAsync() => Factory.DisposeAsync();
    }
}
