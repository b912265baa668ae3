using JobApi.Tests.Support;

namespace JobApi.Tests.Metrics;

/// <summary>What the server says of itself: its job types, its workers, its health.</summary>
public sealed class ServerTests(ApiFactory server) : IClassFixture<ApiFactory>
{
    private readonly Api _api = server.Api;

    [Fact]
    public async Task Every_job_type_is_listed_with_all_one_needs_to_use_it()
    {
        var types = (await _api.GetAsync("/job-types"))["items"].EnumerateArray().ToArray();

        var echo = types.Single(type => type.GetProperty("type").GetString() == "echo");
        Assert.Equal("""{"text":"hello"}""", echo.GetProperty("example").GetRawText());
        Assert.Equal("object", echo.GetProperty("payloadSchema").GetProperty("type").GetString());
        Assert.Equal(300, echo.GetProperty("defaults").GetProperty("timeoutSeconds").GetDouble());
        Assert.Equal("exponential", echo.GetProperty("defaults").GetProperty("backoff").GetProperty("kind").GetString());
        Assert.Equal(3_600, echo.GetProperty("limits").GetProperty("maxTimeoutSeconds").GetDouble());
        Assert.Equal("none", echo.GetProperty("circuit").GetString());
        Assert.Equal(types.Select(type => type.GetProperty("type").GetString()).Order(StringComparer.Ordinal), types.Select(type => type.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task A_payload_s_schema_has_the_bounds_of_its_rules()
    {
        var members = (await _api.GetAsync("/job-types/sleep"))["payloadSchema.properties"];

        Assert.Equal((0, 3_600), (members.GetProperty("seconds").GetProperty("minimum").GetInt32(), members.GetProperty("seconds").GetProperty("maximum").GetInt32()));
        Assert.Equal((0, 100), (members.GetProperty("failTimes").GetProperty("minimum").GetInt32(), members.GetProperty("failTimes").GetProperty("maximum").GetInt32()));
        Assert.Equal(long.MaxValue, (await _api.GetAsync("/job-types/square"))["payloadSchema.properties.number.maximum"].GetInt64());
    }

    [Fact]
    public async Task One_job_type_is_found_by_name()
    {
        Assert.Equal("echo", (await _api.GetAsync("/job-types/echo")).Text("type"));
        (await _api.GetAsync("/job-types/paint")).IsProblem(404, "job-type-not-found");
    }

    [Fact]
    public async Task A_busy_worker_says_what_it_runs()
    {
        var id = await _api.SubmitAsync("gate", """{"gate":"workers"}""");
        await server.Gates.Started("workers");

        var pool = await _api.GetAsync("/workers");

        var busy = pool["workers"].EnumerateArray().Single(worker => worker.TryGetProperty("jobId", out var job) && job.GetString() == id);
        Assert.Equal("gate", busy.GetProperty("jobType").GetString());
        Assert.True(pool["busy"].GetInt32() >= 1);
        server.Gates.Open("workers");
    }

    [Fact]
    public async Task The_pool_is_resized_at_run_time()
    {
        await using var own = new ApiFactory([("JobApi:Workers:MinWorkers", "1"), ("JobApi:Workers:MaxWorkers", "2")]);

        var resized = await own.Api.PatchAsync("/workers", """{"minWorkers":4,"maxWorkers":6}""");

        Assert.Equal(200, resized.Status);
        Assert.Equal((4, 6), (resized["minWorkers"].GetInt32(), resized["maxWorkers"].GetInt32()));
        Assert.Equal(4, (await own.Api.GetAsync("/workers"))["size"].GetInt32());
        Assert.Equal(5, (await own.Api.PatchAsync("/workers", """{"maxWorkers":5}"""))["maxWorkers"].GetInt32());
        (await own.Api.PatchAsync("/workers", """{"maxWorkers":3}""")).IsProblem(400, "invalid-request", "/maxWorkers");
    }

    [Theory]
    [InlineData("{}", "invalid-request", "")]
    [InlineData("""{"minWorkers":0}""", "invalid-request", "/minWorkers")]
    [InlineData("""{"maxWorkers":1025}""", "invalid-request", "/maxWorkers")]
    [InlineData("""{"minWorkers":3,"maxWorkers":2}""", "invalid-request", "/minWorkers")]
    [InlineData("""{"minWorkers":1.5}""", "malformed-json", "/minWorkers")]
    [InlineData("""{"size":3}""", "malformed-json", "/size")]
    public async Task A_size_that_makes_no_sense_is_refused(string body, string word, string place) =>
        (await _api.PatchAsync("/workers", body)).IsProblem(400, word, place);

    [Fact]
    public async Task A_healthy_server_says_so()
    {
        Assert.Equal("""{"status":"live"}""", (await _api.GetAsync("/health/live")).Body);
        Assert.Equal("""{"status":"ready"}""", (await _api.GetAsync("/health/ready")).Body);
    }
}
