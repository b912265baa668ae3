using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace JobApi.Jobs.Safety;

/// <summary>What the server keeps about one host and port: how many requests it may get now, and whether it is being given a rest.</summary>
internal sealed class OutboundHost(OutboundOptions options, TimeProvider time)
{
    private static readonly TimeSpan QuickRetryDelay = TimeSpan.FromMilliseconds(100);

    public TokenBucket Bucket { get; } = new(options.RequestsPerSecondPerHost, options.BurstPerHost, time);

    public ResiliencePipeline<HttpResponseMessage> Pipeline { get; } = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            // One, and only where no byte of the request was sent, which makes it safe for every method. Anything more is the
            // business of the durable back-off between attempts.
            MaxRetryAttempts = 1,
            Delay = QuickRetryDelay,
            UseJitter = true,
            ShouldHandle = static args => ValueTask.FromResult(NeverReached(args.Outcome.Exception)),
        })
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
        {
            MinimumThroughput = options.BreakerMinimumRequests,
            FailureRatio = options.BreakerFailureRatio,
            SamplingDuration = options.BreakerWindow,
            BreakDuration = options.BreakerRest,
            ShouldHandle = static args => ValueTask.FromResult(IsHostsFault(args.Outcome)),
        })
        .Build();

    /// <summary>All hosts of this process.</summary>
    public static PerHost<OutboundHost> All(OutboundOptions options, TimeProvider time) => new(() => new OutboundHost(options, time), Memory(options), time);

    /// <summary>How long an unused host must be remembered until its bucket is full and its breaker has forgotten.</summary>
    public static TimeSpan Memory(OutboundOptions options) =>
        TimeSpan.FromSeconds(options.BurstPerHost / options.RequestsPerSecondPerHost) + options.BreakerWindow + options.BreakerRest;

    private static bool NeverReached(Exception? exception) =>
        exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError, InnerException: not AddressRefusedException };

    private static bool IsHostsFault(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is HttpRequestException { InnerException: not AddressRefusedException } or SilentHostException
        || outcome.Result is { StatusCode: >= HttpStatusCode.InternalServerError };
}

/// <summary>The time to connect or the deadline ran out before the host answered.</summary>
internal sealed class SilentHostException(Exception cause) : Exception("The host did not answer in time.", cause);
