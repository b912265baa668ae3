using System.Net;
using JobApi.Engine.Execution;
using JobApi.Jobs.Safety;
using JobApi.Jobs.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Polly.CircuitBreaker;

namespace JobApi.Jobs.Tests.Safety;

public sealed class GuardedClientTests
{
    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    [InlineData("http://0x7f.1:{0}/")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://inside.example:{0}/")]
    [InlineData("http://mixed.example:{0}/")]
    public async Task A_private_address_is_refused_however_it_is_written(string url)
    {
        await using var server = await LoopbackServer.StartAsync(200);
        await using var jobs = new JobsFixture(("Outbound:AllowedNetworks:0", "10.99.0.0/16"));
        jobs.Resolver.Answer("localhost", "::1", "127.0.0.1");
        jobs.Resolver.Answer("inside.example", "127.0.0.1");
        jobs.Resolver.Answer("mixed.example", "93.184.215.14", "127.0.0.1");

        (await GetAsync(jobs, new Uri(url.Replace("{0}", $"{server.Url.Port}", StringComparison.Ordinal)))).FailedForGood("address-refused");
        Assert.Empty(server.Received);
    }

    [Fact]
    public async Task A_redirect_to_a_private_address_is_refused()
    {
        await using var inside = await LoopbackServer.StartAsync(200, "secret");
        await using var outside = await LoopbackServer.StartAsync(302, "", ("Location", $"http://127.0.0.2:{inside.Url.Port}/"));
        await using var jobs = new JobsFixture(("Outbound:AllowedNetworks:0", "127.0.0.1/32"));

        (await GetAsync(jobs, outside.Url)).FailedForGood("address-refused");
        Assert.Single(outside.Received);
    }

    [Fact]
    public async Task A_name_that_turns_private_between_two_connections_is_refused_at_the_second()
    {
        await using var server = await LoopbackServer.StartAsync(200, "", ("Connection", "close"));
        await using var jobs = new JobsFixture();
        jobs.Resolver.Answer("rebound.example", "127.0.0.1");
        jobs.Resolver.Answer("rebound.example", "169.254.169.254");
        var url = new Uri($"http://rebound.example:{server.Url.Port}/");

        (await GetAsync(jobs, url)).Succeeded();
        (await GetAsync(jobs, url)).FailedForGood("address-refused");
    }

    [Fact]
    public async Task The_name_is_resolved_once_a_connection()
    {
        await using var server = await LoopbackServer.StartAsync(200, "fine");
        await using var jobs = new JobsFixture();
        jobs.Resolver.Answer("rebound.example", "127.0.0.1");
        jobs.Resolver.Answer("rebound.example", "169.254.169.254");

        // Were the name looked up again after the check, the second answer would be connected to.
        Assert.Equal("fine", (await GetAsync(jobs, new Uri($"http://rebound.example:{server.Url.Port}/"))).Succeeded());
    }

    [Fact]
    public async Task Redirects_are_followed_to_their_limit_and_not_beyond()
    {
        await using var server = await LoopbackServer.StartAsync(302, "", ("Location", "/again"));
        await using var jobs = new JobsFixture(("Outbound:MaxRedirects", "3"));

        (await GetAsync(jobs, server.Url)).FailedForGood("too-many-redirects");
        Assert.Equal(4, server.Received.Count);
    }

    [Fact]
    public async Task A_body_that_trickles_is_cut_off_at_the_deadline()
    {
        await using var jobs = new JobsFixture(("Outbound:Deadline", "00:00:30"));
        await using var server = await LoopbackServer.StartAsync(async http =>
        {
            await http.Response.WriteAsync("one byte at a ti", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        });

        var attempt = await jobs.NewClient().SendAsync<string>(
            new OutboundRequest(HttpMethod.Get, server.Url),
            async (response, token) =>
            {
                await using var body = await response.OpenAsync(1_000, token);
                await body.ReadExactlyAsync(new byte[16], token);
                jobs.Time.Advance(TimeSpan.FromSeconds(30));
                await body.ReadExactlyAsync(new byte[1], token);
                return "all";
            },
            CancellationToken.None);

        attempt.FailedForNow("deadline");
    }

    [Fact]
    public async Task A_host_that_never_answers_is_left_at_the_deadline()
    {
        await using var jobs = new JobsFixture(("Outbound:Deadline", "00:00:30"));
        await using var server = await LoopbackServer.StartAsync(http =>
        {
            jobs.Time.Advance(TimeSpan.FromSeconds(30));
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        });

        (await GetAsync(jobs, server.Url)).FailedForNow("deadline");
    }

    [Fact]
    public async Task Cancellation_by_the_caller_is_no_failure_of_the_host()
    {
        using var cancel = new CancellationTokenSource();
        await using var jobs = new JobsFixture();
        await using var server = await LoopbackServer.StartAsync(async http =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => GetAsync(jobs, server.Url, cancel.Token));
    }

    [Fact]
    public async Task The_rate_limit_turns_away_before_anything_is_sent_and_lets_through_when_it_said()
    {
        await using var server = await LoopbackServer.StartAsync(200);
        await using var jobs = new JobsFixture(("Outbound:BurstPerHost", "2"), ("Outbound:RequestsPerSecondPerHost", "0.5"));

        (await GetAsync(jobs, server.Url)).Succeeded();
        (await GetAsync(jobs, server.Url)).Succeeded();
        var limited = Assert.IsType<Failure.RateLimitedFailure>((await GetAsync(jobs, server.Url)).Failure);

        Assert.Equal(2, server.Received.Count);
        Assert.Equal(TimeSpan.FromSeconds(2), limited.After);

        jobs.Time.Advance(limited.After);
        (await GetAsync(jobs, server.Url)).Succeeded();
    }

    [Fact]
    public async Task A_host_that_keeps_failing_is_given_a_rest_and_then_tried_again()
    {
        var status = 503;
        await using var server = await LoopbackServer.StartAsync(http =>
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        await using var jobs = new JobsFixture(("Outbound:BreakerMinimumRequests", "3"), ("Outbound:BreakerRest", "00:00:20"));

        for (var i = 0; i < 3; i++)
        {
            (await GetAsync(jobs, server.Url)).FailedForNow("http-status");
        }

        var rest = await Assert.ThrowsAsync<BrokenCircuitException>(() => GetAsync(jobs, server.Url));
        Assert.Equal(TimeSpan.FromSeconds(20), rest.RetryAfter);
        Assert.Equal(3, server.Received.Count);

        status = 200;
        jobs.Time.Advance(TimeSpan.FromSeconds(20));
        (await GetAsync(jobs, server.Url)).Succeeded();
    }

    [Fact]
    public async Task A_rate_limit_after_the_first_request_of_an_attempt_is_charged()
    {
        await using var server = await LoopbackServer.StartAsync(200);
        await using var jobs = new JobsFixture(("Outbound:BurstPerHost", "1"), ("Outbound:RequestsPerSecondPerHost", "0.5"));
        var client = jobs.NewClient();

        (await GetAsync(client, server.Url)).Succeeded();

        Assert.Equal(TimeSpan.FromSeconds(2), (await GetAsync(client, server.Url)).FailedForNow("rate-limited").After);
        Assert.IsType<Failure.RateLimitedFailure>((await GetAsync(jobs, server.Url)).Failure);
    }

    [Fact]
    public async Task An_open_circuit_after_the_first_request_of_an_attempt_is_charged()
    {
        await using var fine = await LoopbackServer.StartAsync(200);
        await using var down = await LoopbackServer.StartAsync(503);
        await using var jobs = new JobsFixture(("Outbound:BreakerMinimumRequests", "2"), ("Outbound:BreakerRest", "00:00:20"));
        (await GetAsync(jobs, down.Url)).FailedForNow("http-status");
        (await GetAsync(jobs, down.Url)).FailedForNow("http-status");
        var client = jobs.NewClient();

        (await GetAsync(client, fine.Url)).Succeeded();

        Assert.Equal(TimeSpan.FromSeconds(20), (await GetAsync(client, down.Url)).FailedForNow("circuit-open").After);
        await Assert.ThrowsAsync<BrokenCircuitException>(() => GetAsync(jobs, down.Url));
    }

    [Theory]
    [InlineData(90, 5)]
    [InlineData(3, 3)]
    public async Task An_error_whose_body_trickles_is_what_its_status_says(int deadline, int seconds)
    {
        var time = new FakeTimeProvider();
        using var sender = new HttpMessageInvoker(new TricklingHost(HttpStatusCode.NotFound, () => time.Advance(TimeSpan.FromSeconds(seconds))));

        var failure = (await SlowAsync(sender, deadline, time, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60))).FailedForGood("http-status");

        Assert.Equal("slow.example answered 404.", failure.Detail);
    }

    [Fact]
    public async Task Cancellation_by_the_caller_is_not_taken_for_a_body_that_trickles()
    {
        using var cancel = new CancellationTokenSource();
        using var sender = new HttpMessageInvoker(new TricklingHost(HttpStatusCode.NotFound, cancel.Cancel));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SlowAsync(sender, 90, new FakeTimeProvider(), cancel.Token));
    }

    [Fact]
    public async Task Refused_addresses_do_not_open_the_circuit()
    {
        await using var jobs = new JobsFixture(("Outbound:AllowedNetworks:0", "10.99.0.0/16"), ("Outbound:BreakerMinimumRequests", "2"));

        for (var i = 0; i < 6; i++)
        {
            (await GetAsync(jobs, new Uri("http://127.0.0.1:9/"))).FailedForGood("address-refused");
        }
    }

    [Fact]
    public async Task A_connection_that_cannot_be_made_is_tried_once_more_at_once()
    {
        var tries = 0;
        await using var jobs = new JobsFixture();
        jobs.Resolver.Answer("down.example", "127.0.0.1");
        using var sender = new GuardedSender(new SocketsHttpHandler
        {
            ConnectCallback = (_, _) =>
            {
                tries++;
                throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionRefused);
            },
        });
        var client = Client(sender, new OutboundOptions(), TimeProvider.System);

        var attempt = await client.SendAsync<string>(
            new OutboundRequest(HttpMethod.Post, new Uri("http://down.example/")), (_, _) => throw new InvalidOperationException(), CancellationToken.None);

        attempt.FailedForNow("connection-failed");
        Assert.Equal(2, tries);
    }

    [Theory]
    [InlineData("ftp://example.com/")]
    [InlineData("http://user@example.com/")]
    [InlineData("/relative")]
    public async Task An_address_of_another_kind_is_refused(string url)
    {
        await using var jobs = new JobsFixture();
        (await GetAsync(jobs, new Uri(url, UriKind.RelativeOrAbsolute))).FailedForGood("url-refused");
    }

    private static Task<Attempt<string>> SlowAsync(HttpMessageInvoker sender, int deadline, TimeProvider time, CancellationToken token) =>
        Client(sender, new OutboundOptions { Deadline = TimeSpan.FromSeconds(deadline) }, time).SendAsync<string>(
            new OutboundRequest(HttpMethod.Get, new Uri("http://slow.example/")), async (response, token) => (await response.ReadFailureAsync(token))!, token);

    private static GuardedClient Client(HttpMessageInvoker sender, OutboundOptions options, TimeProvider time) =>
        new(sender, OutboundHost.All(options, time), Microsoft.Extensions.Options.Options.Create(options), time);

    private static Task<Attempt<string>> GetAsync(JobsFixture jobs, Uri url, CancellationToken token = default) => GetAsync(jobs.NewClient(), url, token);

    private static Task<Attempt<string>> GetAsync(GuardedClient client, Uri url, CancellationToken token = default) => client.SendAsync<string>(
        new OutboundRequest(HttpMethod.Get, url),
        async (response, token) =>
        {
            if (await response.ReadFailureAsync(token) is { } failure)
            {
                return failure;
            }

            await using var body = await response.OpenAsync(1_000, token);
            using var reader = new StreamReader(body);
            return await reader.ReadToEndAsync(token);
        },
        token);
}
