using JobApi.Engine.Execution;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;

namespace JobApi.Jobs.Safety;

/// <summary>
/// Sends requests to addresses that callers choose. The one way out of the server for every job type: addresses are checked when the connection
/// is made, redirects are followed one by one under the same checks, a deadline covers everything and hosts are spared by a rate limit and a
/// circuit breaker. Own handlers take it from dependency injection.
/// </summary>
/// <remarks>
/// Each handler gets one of its own, and so each attempt: it knows whether it has sent anything. What keeps the first request back parks the job without a charge; what keeps a later one back is a failure that
/// may pass, and charged: parking would send the first again and again. So a singleton must not hold one.
/// </remarks>
public sealed class GuardedClient
{
    private readonly HttpMessageInvoker _sender;
    private readonly PerHost<OutboundHost> _hosts;
    private readonly OutboundOptions _options;
    private readonly TimeProvider _time;

    // Set before a request leaves, never taken back. A handler may send several at a time.
    private volatile bool _hasSent;

    internal GuardedClient(HttpMessageInvoker sender, PerHost<OutboundHost> hosts, IOptions<OutboundOptions> options, TimeProvider time)
    {
        _sender = sender;
        _hosts = hosts;
        _options = options.Value;
        _time = time;
    }

    /// <summary>Sends a request and reads the final response. Trouble on the way is a failure; what a status means is for the reader to say.</summary>
    /// <param name="request">What to send.</param>
    /// <param name="read">Turns the response into a result or a failure; its token carries the deadline, so pass it on.</param>
    /// <param name="cancellationToken">The handler's token.</param>
    /// <exception cref="Polly.CircuitBreaker.BrokenCircuitException">
    /// The host is being given a rest, and the attempt has sent nothing yet. Let it pass: the engine parks the job without charging it.
    /// </exception>
    public async Task<Attempt<T>> SendAsync<T>(
        OutboundRequest request, Func<OutboundResponse, CancellationToken, Task<Attempt<T>>> read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(read);

        if (!Urls.AreSendable(request.Url))
        {
            return OutboundFailures.UrlRefused(request.Url);
        }

        using var deadline = new CancellationTokenSource(_options.Deadline, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);

        try
        {
            return await FollowAsync(request, read, both.Token, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            return OutboundFailures.Of(exception);
        }
        catch (ResponseTooLargeException exception)
        {
            return OutboundFailures.TooLarge(exception.Message);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return OutboundFailures.Deadline(request.Url, _options.Deadline);
        }
        catch (SilentHostException)
        {
            return OutboundFailures.Deadline(request.Url, _options.Deadline);
        }
    }

    private async Task<Attempt<T>> FollowAsync<T>(
        OutboundRequest request, Func<OutboundResponse, CancellationToken, Task<Attempt<T>>> read, CancellationToken token, CancellationToken caller)
    {
        try
        {
            for (var hop = 0; hop <= _options.MaxRedirects; hop++)
            {
                var host = _hosts.For(request.Url);

                if (!host.Bucket.TryTake(out var wait))
                {
                    return _hasSent ? OutboundFailures.RateLimitedUnderway(request.Url, wait) : OutboundFailures.RateLimited(request.Url, wait);
                }

                using var response = await host.Pipeline.ExecuteAsync(
                    static async (state, token) => await state.client.SendOnceAsync(state.request, token, state.caller),
                    (client: this, request, caller), token);
                var redirect = Redirect.Read(request, response.StatusCode, response.Headers.Location);

                if (redirect.Refused is { } refused)
                {
                    return refused;
                }

                if (redirect.Next is null)
                {
                    var pause = RetryAfter.Read(response.Headers.RetryAfter, _time.GetUtcNow(), _options.MaxRetryAfter);
                    return await read(new OutboundResponse(response, request.Url, pause, _time, caller), token);
                }

                request = redirect.Next;
            }
        }
        catch (BrokenCircuitException broken) when (_hasSent)
        {
            // Another host has done its part already: parking would ask it again and again, charged to nobody.
            return OutboundFailures.CircuitOpenUnderway(request.Url, broken.RetryAfter);
        }

        return OutboundFailures.TooManyRedirects(_options.MaxRedirects);
    }

    private async ValueTask<HttpResponseMessage> SendOnceAsync(OutboundRequest request, CancellationToken token, CancellationToken caller)
    {
        using var message = request.ToMessage();
        _hasSent = true;

        try
        {
            return await _sender.SendAsync(message, token);
        }
        catch (OperationCanceledException exception) when (!caller.IsCancellationRequested)
        {
            // The deadline or the time to connect, not the caller: the host's fault, and the breaker has to hear of it.
            throw new SilentHostException(exception);
        }
    }
}
