using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using JobApi.Sqlite;
using JobApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Tests.Jobs;

public sealed class BulkTests(ApiFactory server) : IClassFixture<ApiFactory>
{
    private readonly Api _api = server.Api;

    [Fact]
    public async Task Every_job_of_an_array_gets_its_own_answer_in_order()
    {
        var bulk = await _api.PostAsync("/jobs/bulk", Bulk(Echo("a"), Echo("b", ",\"queue\":\"bulk\",\"priority\":5"), Echo("c", ",\"delaySeconds\":1000")));

        Assert.Equal(207, bulk.Status);
        Assert.Equal((3, 0), (bulk["accepted"].GetInt32(), bulk["refused"].GetInt32()));
        Assert.Equal([202, 202, 202], Statuses(bulk));
        Assert.Equal(["""{"text":"a"}""", """{"text":"b"}""", """{"text":"c"}"""], Jobs(bulk).Select(job => job.GetProperty("payload").GetRawText()));
        Assert.Equal(["default", "bulk", "default"], Jobs(bulk).Select(job => job.GetProperty("queue").GetString()));
        Assert.Equal(5, Jobs(bulk)[1].GetProperty("priority").GetInt32());
        Assert.Equal("scheduled", Jobs(bulk)[2].GetProperty("state").GetString());
        Assert.Equal("succeeded", (await _api.GetAsync($"/jobs/{Ids(bulk)[1]}?wait=30")).Text("state"));
    }

    [Fact]
    public async Task One_bad_job_never_fails_its_neighbours()
    {
        var bulk = await _api.PostAsync("/jobs/bulk",
            Bulk(Echo("a"), Nobody, Wrong, """{"type":"echo","payload":{},"why":1}""", Echo("b", ",\"priority\":101"), "\"x\"", Echo("c")));

        Assert.Equal([202, 422, 422, 400, 400, 400, 202], Statuses(bulk));
        Assert.Equal((2, 5), (bulk["accepted"].GetInt32(), bulk["refused"].GetInt32()));
        Assert.Equal(
            ["unknown-job-type /type", "invalid-job /payload/text", "malformed-json /why", "invalid-request /priority", "malformed-json "],
            Problems(bulk).Select(problem => $"{Word(problem)} {problem.GetProperty("errors").EnumerateObject().First().Name}"));
    }

    [Fact]
    public async Task A_line_that_is_no_JSON_is_refused_alone()
    {
        var bulk = await PostLinesAsync("/jobs/bulk", $"{Echo("a")}\n{{\"type\":\n\r\n  \n{Echo("b")}\r\n\"\\uD800\"\n{Echo("c")}");

        Assert.Equal(207, bulk.Status);
        Assert.Equal([202, 400, 202, 400, 202], Statuses(bulk));
        Assert.All(Problems(bulk), problem => Assert.Equal("malformed-json", Word(problem)));
    }

    [Theory]
    [InlineData("[", "malformed-json")]
    [InlineData("""[{"type":"echo","payload":{"text":"a"}}] 1""", "malformed-json")]
    [InlineData("""[{"type":"echo","payload":}]""", "malformed-json")]
    [InlineData("""{"type":"echo","payload":{"text":"a"}}""", "malformed-json")]
    [InlineData("", "malformed-json")]
    [InlineData("[]", "invalid-request")]
    public async Task A_bulk_that_has_no_items_is_refused_as_a_whole(string body, string word) => (await _api.PostAsync("/jobs/bulk", body)).IsProblem(400, word);

    [Fact]
    public async Task More_than_a_thousand_jobs_are_refused()
    {
        var jobs = Enumerable.Range(0, 1_001).Select(number => Echo($"{number}", ",\"delaySeconds\":1000"));

        (await _api.PostAsync("/jobs/bulk", Bulk(jobs))).IsProblem(400, "invalid-request", string.Empty);
        (await PostLinesAsync("/jobs/bulk", string.Join('\n', jobs))).IsProblem(400, "invalid-request", string.Empty);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-ndjson; charset=latin1")]
    public async Task Only_JSON_and_lines_of_JSON_are_taken(string mediaType) =>
        (await _api.SendAsync(HttpMethod.Post, "/jobs/bulk", Content(Echo("a"), mediaType))).IsProblem(415, "unsupported-media-type");

    [Fact]
    public async Task A_bulk_that_is_too_large_is_refused_and_so_is_a_job_that_is_too_large_alone()
    {
        await using var small = new ApiFactory([("JobApi:Http:MaxJsonBytes", "1024"), ("JobApi:Http:MaxBulkBytes", "4096")]);
        var large = Echo(new string('x', 1_100));

        var mixed = await small.Api.PostAsync("/jobs/bulk", $"[{Echo("a")},{large}]");

        Assert.Equal([202, 413], Statuses(mixed));
        (await small.Api.PostAsync("/jobs/bulk", Bulk(Enumerable.Repeat(large, 4)))).IsProblem(413, "body-too-large");
        (await small.Api.SendAsync(HttpMethod.Post, "/jobs/bulk", new Chunked(Encoding.UTF8.GetBytes(Bulk(Enumerable.Repeat(large, 4))))))
            .IsProblem(413, "body-too-large");
    }

    [Fact]
    public async Task All_or_none_stores_all()
    {
        var bulk = await _api.PostAsync("/jobs/bulk?atomic=true", Bulk(Echo("a"), Echo("b")));

        Assert.Equal(202, bulk.Status);
        Assert.Equal([202, 202], Statuses(bulk));
    }

    [Fact]
    public async Task All_or_none_stores_none_when_one_is_bad_and_names_the_bad_ones()
    {
        var bad = Bulk(Echo("a", ",\"queue\":\"none\""), Nobody, Wrong, """{"type":"echo"}""");

        (await _api.PostAsync("/jobs/bulk?atomic=true", bad)).IsProblem(422, "bulk-refused", "/1/type", "/2/payload/text", "/3");
        Assert.Empty((await _api.GetAsync("/jobs?queue=none"))["items"].EnumerateArray());
    }

    [Fact]
    public async Task Whether_it_is_atomic_is_true_or_false() =>
        (await _api.PostAsync("/jobs/bulk?atomic=yes", Bulk(Echo("a")))).IsProblem(400, "invalid-request", "?atomic");

    [Theory]
    [InlineData("")]
    [InlineData("?atomic=true")]
    public async Task The_same_key_and_body_give_the_same_jobs(string query)
    {
        var body = Bulk(Echo("a"), Echo("b"));
        var key = ("Idempotency-Key", "bulk" + query);

        var one = await _api.PostAsync("/jobs/bulk" + query, body, key);
        await _api.GetAsync($"/jobs/{Ids(one)[0]}?wait=30");
        var two = await _api.PostAsync("/jobs/bulk" + query, body, key);

        Assert.Equal((one.Status, Ids(one)), (two.Status, Ids(two)), PairComparer);
        Assert.Equal((null, "true"), (one.Header("Idempotency-Replayed"), two.Header("Idempotency-Replayed")));
        Assert.Equal(200, Statuses(two)[0]);
        (await _api.PostAsync("/jobs/bulk" + query, body + " ", key)).IsProblem(422, "idempotency-key-reused");
        (await _api.PostAsync("/jobs", Echo("a"), key)).IsProblem(422, "idempotency-key-reused");
        (await _api.PostAsync("/jobs/bulk" + (query.Length == 0 ? "?atomic=true" : ""), body, key)).IsProblem(422, "idempotency-key-reused");
    }

    [Fact]
    public async Task A_repeat_answers_place_by_place_although_some_were_refused_and_some_have_been_deleted()
    {
        var body = Bulk(Nobody, Echo("a"), Wrong, Echo("b"), Echo("c"));
        var one = await _api.PostAsync("/jobs/bulk", body, ("Idempotency-Key", "mixed"));
        var first = Jobs(one)[0].GetProperty("id").GetString();
        await _api.GetAsync($"/jobs/{first}?wait=30");
        Assert.Equal(204, (await _api.DeleteAsync("/jobs/" + first)).Status);

        var two = await _api.PostAsync("/jobs/bulk", body, ("Idempotency-Key", "mixed"));

        Assert.Equal([422, 202, 422, 202, 202], Statuses(one));
        Assert.Equal([422, 410, 422], Statuses(two)[..3]);
        Assert.Equal(Ids(one)[1..], Ids(two));
    }

    [Fact]
    public async Task The_key_of_a_bulk_whose_jobs_have_all_been_deleted_is_gone()
    {
        var one = await _api.PostAsync("/jobs/bulk", Bulk(Echo("a")), ("Idempotency-Key", "all-gone"));
        await _api.GetAsync($"/jobs/{Ids(one)[0]}?wait=30");
        await _api.DeleteAsync("/jobs/" + Ids(one)[0]);

        (await _api.PostAsync("/jobs/bulk", Bulk(Echo("a")), ("Idempotency-Key", "all-gone"))).IsProblem(410, "job-gone");
    }

    [Fact]
    public async Task What_the_backlog_has_no_room_for_is_not_accepted_and_the_rest_is()
    {
        await using var small = new ApiFactory([("JobApi:MaxBacklog", "2")]);
        string[] later = [.. Enumerable.Range(0, 3).Select(number => Echo($"{number}", ",\"delaySeconds\":1000"))];

        var all = await small.Api.PostAsync("/jobs/bulk?atomic=true", Bulk(later));
        var keyed = await small.Api.PostAsync("/jobs/bulk", Bulk(later), ("Idempotency-Key", "k"));
        var each = await small.Api.PostAsync("/jobs/bulk", Bulk(later));

        Assert.Equal("not_accepted", all.IsProblem(503, "not-accepted").Text("outcome"));
        Assert.Equal("not_accepted", keyed.IsProblem(503, "not-accepted").Text("outcome"));
        Assert.Equal([202, 202, 503], Statuses(each));
        Assert.Equal("not_accepted", Problems(each).Single().GetProperty("outcome").GetString());
        Assert.NotNull(each.Header("Retry-After"));
    }

    [Fact]
    public async Task A_thousand_jobs_cost_one_commit()
    {
        var folder = Directory.CreateTempSubdirectory("jobapi-bulk-");
        await using (var durable = new ApiFactory([("JobApi:Store", "sqlite"), ("JobApi:Sqlite:Path", Path.Combine(folder.FullName, "jobs.db"))]))
        {
            var store = durable.Services.GetRequiredService<SqliteJobStore>();
            var before = store.Commits;

            var bulk = await durable.Api.PostAsync(
                "/jobs/bulk", Bulk(Enumerable.Range(0, 1_000).Select(number => Echo($"{number}", ",\"delaySeconds\":1000"))));

            Assert.Equal(1_000, bulk["accepted"].GetInt32());
            Assert.InRange(store.Commits, before + 1, before + 20); // one, and what upkeep wrote meanwhile
            Assert.Equal(1_000, Ids(bulk).Distinct().Count());
            Assert.Equal(Ids(bulk).Order(StringComparer.Ordinal), Ids(bulk));
        }

        folder.Delete(recursive: true);
    }

    private static IEqualityComparer<(int, string[])> PairComparer { get; } =
        EqualityComparer<(int Status, string[] Ids)>.Create((one, two) => one.Status == two.Status && one.Ids.SequenceEqual(two.Ids));

    private const string Nobody = """{"type":"nobody","payload":{}}""";

    private const string Wrong = """{"type":"echo","payload":{"text":1}}""";

    private static string Bulk(params IEnumerable<string> jobs) => $"[{string.Join(',', jobs)}]";

    private static string Echo(string text, string more = "") => $$"""{"type":"echo","payload":{"text":"{{text}}"}{{more}}}""";

    private static int[] Statuses(Answer bulk) => [.. bulk["items"].EnumerateArray().Select(item => item.GetProperty("status").GetInt32())];

    private static JsonElement[] Jobs(Answer bulk) => [.. Members(bulk, "job")];

    private static JsonElement[] Problems(Answer bulk) => [.. Members(bulk, "problem")];

    private static string[] Ids(Answer bulk) => [.. Jobs(bulk).Select(job => job.GetProperty("id").GetString()!)];

    private static string Word(JsonElement problem) => problem.GetProperty("type").GetString()!["urn:jobapi:problem:".Length..];

    private static IEnumerable<JsonElement> Members(Answer bulk, string name) =>
        bulk["items"].EnumerateArray().Where(item => item.TryGetProperty(name, out _)).Select(item => item.GetProperty(name));

    private Task<Answer> PostLinesAsync(string path, string lines) => _api.SendAsync(HttpMethod.Post, path, Content(lines, "application/x-ndjson"));

    private static ByteArrayContent Content(string text, string mediaType) =>
        new(Encoding.UTF8.GetBytes(text)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(mediaType) } };

    /// <summary>A body whose length is not said before.</summary>
    private sealed class Chunked : HttpContent
    {
        private readonly byte[] _bytes;

        public Chunked(byte[] bytes)
        {
            _bytes = bytes;
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) => stream.WriteAsync(_bytes).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
