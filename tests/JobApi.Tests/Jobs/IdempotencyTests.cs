using JobApi.Tests.Support;

namespace JobApi.Tests.Jobs;

public sealed class IdempotencyTests(ApiFactory server) : IClassFixture<ApiFactory>
{
    private const string Body = """{"type":"echo","payload":{"text":"once"}}""";

    private readonly Api _api = server.Api;

    [Theory]
    [InlineData("order-1", "order-1")]
    [InlineData("\"order-2\"", "order-2")]
    [InlineData("\"a \\\"b\\\\\"", "\"a \\\"b\\\\\"")]
    public async Task The_same_key_and_body_give_the_same_job(string first, string second)
    {
        var one = await _api.PostAsync("/jobs?wait=30", Body, ("Idempotency-Key", first));
        var two = await _api.PostAsync("/jobs", Body, ("Idempotency-Key", second));

        Assert.Null(one.Header("Idempotency-Replayed"));
        Assert.Equal("true", two.Header("Idempotency-Replayed"));
        Assert.Equal(one.Text("id"), two.Text("id"));
        Assert.Equal(one.Header("Location"), two.Header("Location"));
        Assert.Equal(200, two.Status);
        Assert.Equal("succeeded", two.Text("state"));
    }

    [Fact]
    public async Task A_repeat_can_wait_for_the_job()
    {
        const string Gate = """{"type":"gate","payload":{"gate":"repeat"}}""";
        var one = await _api.PostAsync("/jobs", Gate, ("Idempotency-Key", "repeat"));
        var two = _api.PostAsync("/jobs?wait=30", Gate, ("Idempotency-Key", "repeat"));
        server.Gates.Open("repeat");

        Assert.Equal(202, one.Status);
        Assert.Equal("succeeded", (await two).Text("state"));
    }

    [Fact]
    public async Task Twins_at_the_same_time_give_one_job()
    {
        var twins = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _api.PostAsync("/jobs", Body, ("Idempotency-Key", "twins"))));

        Assert.Single(twins.Select(twin => twin.Text("id")).Distinct());
        Assert.Single(twins, twin => twin.Header("Idempotency-Replayed") is null);
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        await _api.PostAsync("/jobs", Body, ("Idempotency-Key", "reused"));

        (await _api.PostAsync("/jobs", Body + " ", ("Idempotency-Key", "reused"))).IsProblem(422, "idempotency-key-reused");
    }

    [Theory]
    [InlineData("/jobs", """{"type":"echo","payload":{"text":7}}""")]
    [InlineData("/jobs", """{"type":"paint","payload":{}}""")]
    [InlineData("/jobs/bulk", "[7]")]
    [InlineData("/jobs/bulk?atomic=true", """[{"type":"paint","payload":{}}]""")]
    public async Task A_key_is_looked_up_before_anything_is_refused(string path, string other)
    {
        var key = "first-" + Guid.NewGuid();
        await _api.PostAsync("/jobs", Body, ("Idempotency-Key", key));

        (await _api.PostAsync(path, other, ("Idempotency-Key", key))).IsProblem(422, "idempotency-key-reused");
    }

    [Fact]
    public async Task The_key_of_a_deleted_job_is_gone()
    {
        var job = await _api.PostAsync("/jobs?wait=30", Body, ("Idempotency-Key", "deleted"));
        await _api.DeleteAsync("/jobs/" + job.Text("id"));

        (await _api.PostAsync("/jobs", Body, ("Idempotency-Key", "deleted"))).IsProblem(410, "job-gone");
    }

    [Theory]
    [InlineData("\"open")]
    [InlineData("\"a\\b\"")]
    [InlineData("\"a\" b")]
    [InlineData("\"\"")]
    [InlineData("ü")]
    public async Task A_key_that_cannot_be_read_is_refused(string key) =>
        (await _api.PostAsync("/jobs", Body, ("Idempotency-Key", key))).IsProblem(400, "invalid-request", "Idempotency-Key");

    [Fact]
    public async Task A_key_that_is_too_long_is_refused() =>
        (await _api.PostAsync("/jobs", Body, ("Idempotency-Key", new string('k', 256)))).IsProblem(400, "invalid-request", "Idempotency-Key");
}
