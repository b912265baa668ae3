using System.Text.Json;
using JobApi.Contracts;
using JobApi.Tests.Support;

namespace JobApi.Tests.Jobs;

public sealed class QueueTests(ApiFactory server) : IClassFixture<ApiFactory>
{
    private readonly Api _api = server.Api;

    [Fact]
    public async Task A_job_of_a_paused_queue_says_so_and_starts_when_the_queue_is_resumed()
    {
        Assert.Equal(200, (await _api.PostAsync("/queues/held/pause")).Status);
        var id = await _api.SubmitAsync("echo", """{"text":"x"}""", ""","queue":"held" """);

        var waiting = await _api.GetAsync("/jobs/" + id);
        var queue = await _api.GetAsync("/queues/held");
        var resumed = await _api.PostAsync("/queues/held/resume");
        var ended = await _api.GetAsync($"/jobs/{id}?wait=30");

        Assert.Equal(("paused", false, false), (waiting.Text("waiting.reason"), Has(waiting, "position"), Has(waiting, "estimatedStartAt")));
        Assert.Equal((true, 1), (queue["paused"].GetBoolean(), queue["depth"].GetInt32()));
        Assert.True(queue["oldestQueuedSeconds"].GetDouble() >= 0);
        Assert.False(resumed["paused"].GetBoolean());
        Assert.Equal("succeeded", ended.Text("state"));
    }

    [Fact]
    public async Task Jobs_of_a_key_run_one_at_a_time_and_the_next_starts_when_one_ends()
    {
        var first = await _api.SubmitAsync("gate", """{"gate":"key-1"}""", ""","concurrencyKey":"k" """);
        await server.Gates.Started("key-1");
        var second = await _api.SubmitAsync("gate", """{"gate":"key-2"}""", ""","concurrencyKey":"k","queue":"other" """);

        var waiting = await _api.GetAsync("/jobs/" + second);
        server.Gates.Open("key-1");
        await server.Gates.Started("key-2");
        server.Gates.Open("key-2");

        Assert.Equal(("concurrency_key", "k", 1), (waiting.Text("waiting.reason"), waiting.Text("concurrencyKey"), waiting["concurrencyLimit"].GetInt32()));
        Assert.Contains("'k'", waiting.Text("waiting.detail"), StringComparison.Ordinal);
        Assert.Equal("succeeded", (await _api.GetAsync($"/jobs/{first}?wait=30")).Text("state"));
        Assert.Equal("succeeded", (await _api.GetAsync($"/jobs/{second}?wait=30")).Text("state"));
    }

    [Fact]
    public async Task A_limited_queue_runs_no_more_and_goes_on_when_one_ends_or_the_limit_is_taken_away()
    {
        await _api.PatchAsync("/queues/narrow", """{"concurrencyLimit":1}""");
        await _api.SubmitAsync("gate", """{"gate":"narrow-1"}""", ""","queue":"narrow" """);
        await server.Gates.Started("narrow-1");
        string[] more = [await Gated("narrow-2"), await Gated("narrow-3")];

        var waiting = await _api.GetAsync("/jobs/" + more[0]);
        var figures = (await _api.GetAsync("/metrics"))["byQueue.narrow"];
        server.Gates.Open("narrow-1");
        await server.Gates.Started("narrow-2");
        var unlimited = await _api.PatchAsync("/queues/narrow", """{"concurrencyLimit":null}""");
        await server.Gates.Started("narrow-3");
        server.Gates.Open("narrow-2");
        server.Gates.Open("narrow-3");

        Assert.Equal("queue_limit", waiting.Text("waiting.reason"));
        Assert.Equal((1, 1, false), (figures.GetProperty("running").GetInt32(), figures.GetProperty("concurrencyLimit").GetInt32(), figures.GetProperty("paused").GetBoolean()));
        Assert.False(unlimited.Has("concurrencyLimit"));

        Task<string> Gated(string gate) => _api.SubmitAsync("gate", $$"""{"gate":"{{gate}}"}""", ""","queue":"narrow" """);
    }

    [Fact]
    public async Task A_client_that_does_not_name_the_limit_leaves_it_and_one_that_sends_null_takes_it_away()
    {
        await _api.PatchAsync("/queues/typed", """{"concurrencyLimit":5}""");

        var paused = await ChangeAsync(new ChangeQueueRequest { Paused = true });
        var widened = await ChangeAsync(new ChangeQueueRequest { ConcurrencyLimit = new NewLimit(true, 6) });
        var unlimited = await ChangeAsync(new ChangeQueueRequest { ConcurrencyLimit = new NewLimit(true, null) });

        Assert.Equal((true, 5), (paused["paused"].GetBoolean(), paused["concurrencyLimit"].GetInt32()));
        Assert.Equal((true, 6), (widened["paused"].GetBoolean(), widened["concurrencyLimit"].GetInt32()));
        Assert.False(unlimited.Has("concurrencyLimit"));

        Task<Answer> ChangeAsync(ChangeQueueRequest change) =>
            _api.PatchAsync("/queues/typed", JsonSerializer.Serialize(change, JobApiJson.Wire.ChangeQueueRequest));
    }

    [Fact]
    public async Task Queues_are_listed_by_name_and_read_on_after_one()
    {
        await _api.PostAsync("/queues/list-b/pause");
        await _api.PostAsync("/queues/list-a/pause");

        var page = await _api.GetAsync("/queues?after=list-");
        var rest = await _api.GetAsync("/queues?after=list-a");

        Assert.Equal(["list-a", "list-b"], page["items"].EnumerateArray().Take(2).Select(queue => queue.GetProperty("name").GetString()));
        Assert.Equal("list-b", rest["items"][0].GetProperty("name").GetString());
        Assert.Equal("/queues/list-b/resume", rest["items"][0].GetProperty("links").GetProperty("resume").GetString());
        (await _api.GetAsync("/queues?after=NO")).IsProblem(400, "invalid-request", "?after");
    }

    [Fact]
    public async Task A_queue_that_does_not_exist_is_not_found_and_can_be_set()
    {
        (await _api.GetAsync("/queues/nobody")).IsProblem(404, "queue-not-found");

        var set = await _api.PatchAsync("/queues/nobody", """{"paused":true,"concurrencyLimit":5}""");

        Assert.Equal((200, true, 5), (set.Status, set["paused"].GetBoolean(), set["concurrencyLimit"].GetInt32()));
    }

    [Theory]
    [InlineData("{}", "invalid-request", "")]
    [InlineData("""{"concurrencyLimit":0}""", "invalid-request", "/concurrencyLimit")]
    [InlineData("""{"concurrencyLimit":1025}""", "invalid-request", "/concurrencyLimit")]
    [InlineData("""{"concurrencyLimit":"many"}""", "malformed-json", "/concurrencyLimit")]
    [InlineData("""{"concurrencyLimit":1.5}""", "malformed-json", "/concurrencyLimit")]
    [InlineData("""{"speed":1}""", "malformed-json", "/speed")]
    public async Task A_change_that_breaks_a_rule_is_refused(string change, string word, string place) =>
        (await _api.PatchAsync("/queues/any", change)).IsProblem(400, word, place);

    [Theory]
    [InlineData("Mail")]
    [InlineData("-a")]
    [InlineData("a%20b")]
    public async Task A_name_that_no_queue_can_have_is_refused(string name)
    {
        (await _api.GetAsync("/queues/" + name)).IsProblem(400, "invalid-request", "name");
        (await _api.PostAsync($"/queues/{name}/pause")).IsProblem(400, "invalid-request", "name");
    }

    [Theory]
    [InlineData(""","concurrencyLimit":2""", "/concurrencyLimit")]
    [InlineData(""","concurrencyKey":"k","concurrencyLimit":0""", "/concurrencyLimit")]
    [InlineData(""","concurrencyKey":"k","concurrencyLimit":1025""", "/concurrencyLimit")]
    [InlineData(""","concurrencyKey":"" """, "/concurrencyKey")]
    [InlineData(""","fairnessKey":"" """, "/fairnessKey")]
    public async Task A_submission_with_a_bad_key_or_limit_is_refused(string more, string place) =>
        (await _api.PostAsync("/jobs", $$"""{"type":"echo","payload":{"text":"x"}{{more}}}""")).IsProblem(400, "invalid-request", place);

    private static bool Has(Answer job, string member) => job["waiting"].TryGetProperty(member, out _);
}
