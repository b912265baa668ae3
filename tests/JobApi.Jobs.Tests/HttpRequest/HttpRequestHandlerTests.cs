using System.IO.Compression;
using System.Text;
using System.Text.Json;
using JobApi.Engine.Execution;
using JobApi.Jobs.HttpRequest;
using JobApi.Jobs.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace JobApi.Jobs.Tests.HttpRequest;

public sealed class HttpRequestHandlerTests
{
    [Fact]
    public async Task An_answer_comes_back_with_status_headers_and_text()
    {
        await using var server = await LoopbackServer.StartAsync(201, "grüß dich", ("Content-Type", "text/plain; charset=utf-8"), ("X-Two", "a"));
        await using var jobs = new JobsFixture();

        var result = (await HandleAsync(jobs, new HttpRequestPayload(server.Url))).Succeeded();

        Assert.Equal((201, "grüß dich", 11, false), (result.Status, result.Body, result.Bytes, result.Truncated));
        Assert.Equal("a", result.Headers["x-two"]);
        Assert.Equal("text/plain; charset=utf-8", result.Headers["content-type"]);
    }

    [Fact]
    public async Task A_body_is_sent_as_json_with_the_job_as_idempotency_key()
    {
        await using var server = await LoopbackServer.StartAsync(200);
        await using var jobs = new JobsFixture();
        var context = TestJobContext.Create();

        await HandleAsync(jobs, new HttpRequestPayload(server.Url, "post", Body: Json("""{"a": [1]}""")), context);

        var received = Assert.Single(server.Received);
        Assert.Equal(("POST", """{"a": [1]}"""), (received.Method, received.Body));
        Assert.Equal("application/json", received.Headers["Content-Type"]);
        Assert.Equal(context.JobId.ToString(), received.Headers["Idempotency-Key"]);
        Assert.False(received.Headers.ContainsKey("traceparent"));
    }

    [Fact]
    public async Task The_callers_own_headers_win()
    {
        await using var server = await LoopbackServer.StartAsync(200);
        await using var jobs = new JobsFixture();
        var headers = new Dictionary<string, string> { ["idempotency-key"] = "mine", ["content-type"] = "text/csv", ["user-agent"] = "me" };

        await HandleAsync(jobs, new HttpRequestPayload(server.Url, "PUT", headers, Json("\"a;b\"")));

        var received = Assert.Single(server.Received);
        Assert.Equal(("mine", "text/csv", "me", "a;b"), (received.Headers["Idempotency-Key"], received.Headers["Content-Type"], received.Headers["User-Agent"], received.Body));
    }

    [Fact]
    public async Task A_request_that_only_reads_carries_no_idempotency_key()
    {
        await using var server = await LoopbackServer.StartAsync(200);
        await using var jobs = new JobsFixture();

        await HandleAsync(jobs, new HttpRequestPayload(server.Url));

        Assert.False(Assert.Single(server.Received).Headers.ContainsKey("Idempotency-Key"));
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task These_answers_may_pass(int status)
    {
        await using var server = await LoopbackServer.StartAsync(status, "try later");
        await using var jobs = new JobsFixture();

        var failure = (await HandleAsync(jobs, new HttpRequestPayload(server.Url))).FailedForNow("http-status");

        Assert.Equal($"{server.Url.Authority} answered {status}: try later", failure.Detail);
        Assert.Null(failure.After);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(422)]
    public async Task Other_refusals_are_for_good(int status)
    {
        await using var server = await LoopbackServer.StartAsync(status);
        await using var jobs = new JobsFixture();

        (await HandleAsync(jobs, new HttpRequestPayload(server.Url))).FailedForGood("http-status");
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("Tue, 01 Jan 2030 00:01:30 GMT", 90)]
    [InlineData("Mon, 31 Dec 2029 00:00:00 GMT", 0)]
    [InlineData("999999", 3_600)]
    public async Task Retry_after_is_honoured_up_to_the_limit(string header, int seconds)
    {
        await using var server = await LoopbackServer.StartAsync(503, "", ("Retry-After", header));
        await using var jobs = new JobsFixture();

        var failure = (await HandleAsync(jobs, new HttpRequestPayload(server.Url))).FailedForNow("http-status");

        Assert.Equal(TimeSpan.FromSeconds(seconds), failure.After);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_body_that_explodes_on_decompression_is_cut_off(string encoding)
    {
        // 64 MB of nothing travel as less than 100 kB.
        await using var server = await LoopbackServer.StartAsync(async http =>
        {
            http.Response.Headers.ContentEncoding = encoding;
            await using Stream compressor = encoding switch
            {
                "gzip" => new GZipStream(http.Response.Body, CompressionLevel.Optimal),
                "br" => new BrotliStream(http.Response.Body, CompressionLevel.Fastest),
                _ => new ZLibStream(http.Response.Body, CompressionLevel.Optimal),
            };

            for (var i = 0; i < 64; i++)
            {
                await compressor.WriteAsync(new byte[1_024 * 1_024], http.RequestAborted);
            }
        });
        await using var jobs = new JobsFixture(("HttpRequest:MaxTextBytes", "1000"), ("HttpRequest:MaxFileBytes", "100000"));

        (await HandleAsync(jobs, new HttpRequestPayload(server.Url, SaveToFile: true))).FailedForGood("response-too-large");
        Assert.Equal(0, jobs.Files.Count);
    }

    [Fact]
    public async Task A_body_without_end_is_read_up_to_the_limit_only()
    {
        await using var server = await LoopbackServer.StartAsync(async http =>
        {
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.WriteAsync(new string('x', 10_000), http.RequestAborted);
            }
        });
        await using var jobs = new JobsFixture(("HttpRequest:MaxTextBytes", "5000"));

        var result = (await HandleAsync(jobs, new HttpRequestPayload(server.Url))).Succeeded();

        Assert.Equal((5_000, 5_000L, true), (result.Body!.Length, result.Bytes, result.Truncated));
    }

    [Fact]
    public async Task A_character_that_the_limit_splits_is_left_out()
    {
        await using var server = await LoopbackServer.StartAsync(200, "aäöü", ("Content-Type", "text/plain"));
        await using var jobs = new JobsFixture(("HttpRequest:MaxTextBytes", "4"));

        var result = (await HandleAsync(jobs, new HttpRequestPayload(server.Url))).Succeeded();

        Assert.Equal(("aä", 4, true), (result.Body, result.Bytes, result.Truncated));
    }

    [Theory]
    [InlineData("text/plain; charset=windows-1252", new byte[] { 0x80 }, "€")]
    [InlineData("text/plain", new byte[] { 0xEF, 0xBB, 0xBF, 0x61 }, "a")]
    [InlineData("text/plain; charset=no-such", new byte[] { 0x61 }, null)]
    [InlineData("text/plain", new byte[] { 0x61, 0x00 }, null)]
    [InlineData("image/png", new byte[] { 0x89, 0x50 }, null)]
    public async Task Only_text_is_returned_as_text(string type, byte[] bytes, string? text)
    {
        await using var server = await LoopbackServer.StartAsync(http =>
        {
            http.Response.ContentType = type;
            return http.Response.Body.WriteAsync(bytes).AsTask();
        });
        await using var jobs = new JobsFixture();

        var result = (await HandleAsync(jobs, new HttpRequestPayload(server.Url))).Succeeded();

        Assert.Equal((text, bytes.Length), (result.Body, result.Bytes));
    }

    [Fact]
    public async Task A_body_is_stored_as_a_file_when_asked_for()
    {
        await using var server = await LoopbackServer.StartAsync(200, "content", ("Content-Type", "text/csv; charset=utf-8"));
        await using var jobs = new JobsFixture();

        var result = (await HandleAsync(jobs, new HttpRequestPayload(new Uri(server.Url, "reports/2030%2F01.csv?x=1"), SaveToFile: true))).Succeeded();

        var file = jobs.Files.Describe(result.File!.Value);
        Assert.Equal(("text/csv", "01.csv", 7), (file.MediaType, file.Name, result.Bytes));
        Assert.Equal("content", Encoding.UTF8.GetString(jobs.Files.Read(result.File.Value)));
        Assert.Null(result.Body);
    }

    [Fact]
    public async Task A_body_over_the_bound_of_all_files_fails_for_good()
    {
        await using var server = await LoopbackServer.StartAsync(200, "content");
        await using var jobs = new JobsFixture();
        jobs.Files.MaxFileBytes = 6;

        (await HandleAsync(jobs, new HttpRequestPayload(server.Url, SaveToFile: true))).FailedForGood("response-too-large");
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static Task<Attempt<HttpRequestResult>> HandleAsync(JobsFixture jobs, HttpRequestPayload payload, JobContext? context = null) =>
        jobs.Handler<HttpRequestHandler>().HandleAsync(payload, context ?? TestJobContext.Create(), CancellationToken.None);
}
