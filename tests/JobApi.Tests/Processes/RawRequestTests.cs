using System.Text;
using JobApi.Testing;
using JobApi.Tests.Support;

namespace JobApi.Tests.Processes;

public sealed class RawRequestTests(RawRequestTests.Running running) : IClassFixture<RawRequestTests.Running>
{
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
        var answer = await RawHttp.SendAsync(running.Server.Address, Encoding.ASCII.GetBytes(request));

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Equal(200, (await new Api(running.Server.Client).GetAsync("/health/live")).Status);
        Assert.DoesNotContain(running.Server.Output, line => line.Contains(" fail ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_body_that_is_announced_too_large_is_refused_before_it_is_sent()
    {
        const string Request = "PUT /files HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 1000000000\r\n\r\n";

        // A server that wanted the body would first say 100.
        Assert.StartsWith("HTTP/1.1 413 ", await RawHttp.SendAsync(running.Server.Address, Encoding.ASCII.GetBytes(Request)), StringComparison.Ordinal);
    }

    /// <summary>One server for all of them.</summary>
    public sealed class Running : IAsyncLifetime
    {
        internal ServerProcess Server { get; private set; } = null!;

        /// <inheritdoc />
        public async Task InitializeAsync() => Server = await ServerProcess.StartAsync();

        /// <inheritdoc />
        public async Task DisposeAsync() => await Server.DisposeAsync();
    }
}
