using System.Net;
using System.Text;
using JobApi.Testing;
using JobApi.Tests.Support;

namespace JobApi.Tests.Processes;

/// <summary>What only a process of its own shows.</summary>
public sealed class ServerProcessTests
{
    [Fact]
    public async Task It_starts_answers_and_stops_when_asked()
    {
        await using var server = await ServerProcess.StartAsync();
        var api = new Api(server.Client);

        var ready = await api.GetAsync("/health/ready");
        var page = await api.GetAsync("/swagger/index.html");
        var exitCode = await server.StopAsync();

        Assert.Equal(200, ready.Status);
        Assert.Null(ready.Header("Server"));
        Assert.Equal(200, page.Status);
        Assert.Equal(0, exitCode);
        Assert.All(server.Output, line => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info: ", line));
        Assert.Contains(server.Output, line => line.Contains("durability: memory", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Requests_are_not_logged_one_by_one()
    {
        await using var server = await ServerProcess.StartAsync("--JobApi:Stats:Enabled=false");
        var before = server.Output.Count;

        for (var i = 0; i < 20; i++)
        {
            await new Api(server.Client).GetAsync("/nothing");
        }

        Assert.Equal(before, server.Output.Count);
    }

    [Fact]
    public async Task A_body_that_is_announced_too_large_is_refused_before_it_is_sent()
    {
        await using var server = await ServerProcess.StartAsync();
        using var body = new Unsent(1_000_000_000);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/files") { Content = body };
        request.Headers.ExpectContinue = true;

        using var response = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.False(body.WasAsked);
    }

    /// <summary>A client library would mend these, so they are sent as bytes; whatever the server thinks of them, it is not a fault of its own.</summary>
    [Theory]
    [InlineData("GET /jobs/%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("GET /jobs/%ff%fe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 404)]
    [InlineData("GET /jobs?state=%ff HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", 421)]
    [InlineData("GET /health/live HTTP/1.0\r\n\r\n", 421)]
    [InlineData("POST /jobs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400)]
    [InlineData("POST /jobs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 0\r\n\r\n", 400)]
    [InlineData("POST /jobs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", 400)]
    public async Task Bytes_no_client_would_send_are_refused_and_harm_nothing(string request, int status)
    {
        await using var server = await ServerProcess.StartAsync();

        var answer = await RawHttp.SendAsync(server.Address, Encoding.ASCII.GetBytes(request));

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Equal(200, (await new Api(server.Client).GetAsync("/health/live")).Status);
        Assert.DoesNotContain(server.Output, line => line.Contains("fail:", StringComparison.Ordinal));
    }

    private sealed class Unsent(long length) : HttpContent
    {
        public bool WasAsked { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            WasAsked = true;
            return Task.CompletedTask;
        }

        protected override bool TryComputeLength(out long length1)
        {
            length1 = length;
            return true;
        }
    }
}
