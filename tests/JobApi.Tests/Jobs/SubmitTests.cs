using JobApi.Engine.Storage;
using JobApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Tests.Jobs;

public sealed class SubmitTests(ApiFactory server) : IClassFixture<ApiFactory>
{
    private readonly Api _api = server.Api;

    [Fact]
    public async Task A_job_is_accepted_with_its_place_and_the_whole_body()
    {
        var answer = await _api.PostAsync("/jobs", """{"type":"gate","payload":{"gate":"accepted"},"tags":{"customer":"4711"},"priority":5}""");

        Assert.Equal(202, answer.Status);
        Assert.Equal("/jobs/" + answer.Text("id"), answer.Header("Location"));
        Assert.Equal("1", answer.Header("Retry-After"));
        Assert.Equal("application/json; charset=utf-8", answer.Header("Content-Type"));
        Assert.False(answer["done"].GetBoolean());
        Assert.Equal("default", answer.Text("queue"));
        Assert.Equal(5, answer["priority"].GetInt32());
        Assert.Equal("4711", answer.Text("tags.customer"));
        Assert.Equal("memory", answer.Text("durability"));
        Assert.Equal("/jobs/" + answer.Text("id") + "/cancel", answer.Text("links.cancel"));
        Assert.EndsWith("Z", answer.Text("createdAt"), StringComparison.Ordinal);
        Assert.Equal(7, Guid.Parse(answer.Text("id")).Version);
        server.Gates.Open("accepted");
    }

    [Theory]
    [InlineData("/jobs", """{"type":"echo","payload":{"text":"hi"}}""", "id")]
    [InlineData("/jobs", """{"type":"echo","payload":{"text":"hi"},"priority":1}""", "id")]
    [InlineData("/jobs/bulk", """[{"type":"echo","payload":{"text":"hi"}}]""", "items.0.job.id")]
    [InlineData("/jobs/bulk", """[{"type":"echo","payload":{"text":"hi"},"priority":1}]""", "items.0.job.id")]
    public async Task A_job_continues_the_trace_of_its_submitter(string path, string body, string id)
    {
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c";

        var answer = await _api.PostAsync(path, body, ("traceparent", Trace + "-b7ad6b7169203331-01"));
        var job = await server.Services.GetRequiredService<IJobReader>().FindAsync(Guid.Parse(answer.Text(id)), CancellationToken.None);

        Assert.StartsWith(Trace, job!.Spec.TraceParent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Prefer", "wait=30", "wait=30")]
    [InlineData("Prefer", "respond-async, wait=\"999\"", "wait=60")]
    public async Task A_caller_who_waits_gets_the_result(string name, string value, string applied)
    {
        var answer = await _api.PostAsync("/jobs", """{"type":"echo","payload":{"text":"hi"}}""", (name, value));

        Assert.Equal(200, answer.Status);
        Assert.Equal("succeeded", answer.Text("state"));
        Assert.Equal("hi", answer.Text("result.text"));
        Assert.Equal(applied, answer.Header("Preference-Applied"));
        Assert.Equal("/jobs/" + answer.Text("id"), answer.Header("Location"));
        Assert.Null(answer.Header("Retry-After"));
    }

    [Fact]
    public async Task A_preference_nobody_can_read_is_not_applied()
    {
        var answer = await _api.PostAsync("/jobs", """{"type":"echo","payload":{"text":"hi"}}""", ("Prefer", "wait=soon"));

        Assert.Equal(202, answer.Status);
        Assert.Null(answer.Header("Preference-Applied"));
    }

    [Fact]
    public async Task A_wait_that_ends_before_the_job_answers_202()
    {
        var answer = await _api.PostAsync("/jobs?wait=0.01", """{"type":"gate","payload":{"gate":"short"}}""");

        Assert.Equal(202, answer.Status);
        server.Gates.Open("short");
    }

    [Fact]
    public async Task The_payload_is_kept_byte_for_byte()
    {
        const string Payload = """{ "number" : 1.50E+3 ,  "text":"a\u00e4<b>" }""";

        var answer = await _api.RunAsync("echo", Payload);

        Assert.Contains("\"payload\":" + Payload, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_for_later_says_what_it_waits_for()
    {
        var answer = await _api.PostAsync("/jobs", """{"type":"echo","payload":{"text":"later"},"delaySeconds":100}""");

        Assert.Equal("scheduled", answer.Text("state"));
        Assert.Equal("schedule", answer.Text("waiting.reason"));
        Assert.InRange(int.Parse(answer.Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture), 90, 100);
    }

    [Fact]
    public async Task A_type_nobody_handles_is_refused() =>
        (await _api.PostAsync("/jobs", """{"type":"paint","payload":{}}""")).IsProblem(422, "unknown-job-type", "/type");

    [Theory]
    [InlineData("""{"type":"echo","payload":{}}""", "/payload")]
    [InlineData("""{"type":"echo","payload":{"text":7}}""", "/payload/text")]
    [InlineData("""{"type":"echo","payload":{"text":"a","colour":"red"}}""", "/payload/colour")]
    [InlineData("""{"type":"echo","payload":[1]}""", "/payload")]
    [InlineData("""{"type":"echo","payload":{"text":"a"},"timeoutSeconds":999999}""", "/timeoutSeconds")]
    [InlineData("""{"type":"file","payload":{"file":"0198f000-0000-7000-8000-00000000dead"}}""", "/payload")]
    public async Task What_breaks_a_rule_of_the_type_is_refused_before_it_is_accepted(string body, string place) =>
        (await _api.PostAsync("/jobs", body)).IsProblem(422, "invalid-job", place);

    [Theory]
    [InlineData("""  "priority":101  """, "/priority")]
    [InlineData("""  "queue":"Big"  """, "/queue")]
    [InlineData("""  "delaySeconds":-1  """, "/delaySeconds")]
    [InlineData("""  "delaySeconds":1e300  """, "/delaySeconds")]
    [InlineData("""  "delaySeconds":1e999  """, "/delaySeconds")]
    [InlineData("""  "runAt":"2030-01-01T00:00:00Z","delaySeconds":1  """, "/runAt")]
    [InlineData("""  "runAt":"9999-12-31T23:59:59Z"  """, "/runAt")]
    [InlineData("""  "expiresInSeconds":0  """, "/expiresInSeconds")]
    [InlineData("""  "timeoutSeconds":0  """, "/timeoutSeconds")]
    [InlineData("""  "maxAttempts":0  """, "/maxAttempts")]
    [InlineData("""  "retentionSeconds":-0.5  """, "/retentionSeconds")]
    [InlineData("""  "backoff":{"kind":"random"}  """, "/backoff/kind")]
    [InlineData("""  "backoff":{"baseSeconds":9,"maxSeconds":3}  """, "/backoff/maxSeconds")]
    [InlineData("""  "tags":{"":"x"}  """, "/tags")]
    [InlineData("""  "tags":{"a/b":null}  """, "/tags/a~1b")]
    public async Task What_breaks_a_rule_of_every_job_is_refused(string member, string place) =>
        (await _api.PostAsync("/jobs", $$"""{"type":"echo","payload":{"text":"a"},{{member}}}""")).IsProblem(400, "invalid-request", place);

    [Fact]
    public async Task Everything_that_is_wrong_is_said_at_once() =>
        (await _api.PostAsync("/jobs", """{"type":"echo","payload":{"text":"a"},"priority":101,"maxAttempts":0}"""))
            .IsProblem(400, "invalid-request", "/priority", "/maxAttempts");

    [Fact]
    public async Task A_full_backlog_is_said_with_certainty()
    {
        await using var full = new ApiFactory([("JobApi:MaxBacklog", "1")]);
        await full.Api.SubmitAsync("gate", """{"gate":"full"}""");

        var answer = await full.Api.PostAsync("/jobs", """{"type":"echo","payload":{"text":"a"}}""");

        answer.IsProblem(503, "not-accepted");
        Assert.Equal("not_accepted", answer.Text("outcome"));
        Assert.NotNull(answer.Header("Retry-After"));
        full.Gates.Open("full");
    }
}
