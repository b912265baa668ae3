using JobApi.Engine.Execution;

namespace JobApi.Jobs.Safety;

/// <summary>What can go wrong on the way to a response, as failures with stable types.</summary>
internal static class OutboundFailures
{
    public static Failure UrlRefused(Uri url) =>
        Failure.Permanent($"'{url}' cannot be sent to. {Urls.Rule}", "url-refused", "The address is not usable");

    public static Failure TooManyRedirects(int max) =>
        Failure.Permanent($"More than {max} redirects.", "too-many-redirects", "The redirects do not end");

    public static Failure RateLimited(Uri url, TimeSpan wait) =>
        Failure.RateLimited($"{url.Authority} has had its share of requests for now.", wait);

    /// <summary>Not <see cref="Failure.RateLimited"/>, which promises that nothing has been done: the attempt has sent a request before.</summary>
    public static Failure RateLimitedUnderway(Uri url, TimeSpan wait) => Failure.Temporary(
        $"{url.Authority} has had its share of requests for now, and this attempt has sent another one before.", wait, "rate-limited", "A rate limit is used up");

    /// <summary>Charged, unlike an open circuit at the first request: the attempt has sent one before.</summary>
    public static Failure CircuitOpenUnderway(Uri url, TimeSpan? wait) => Failure.Temporary(
        $"{url.Authority} keeps failing and is left alone for now, and this attempt has sent another request before.", wait, "circuit-open", "The host keeps failing");

    public static Failure Deadline(Uri url, TimeSpan deadline) => Failure.Temporary(
        $"{url.Authority} did not connect in time or took longer than {deadline.TotalSeconds:0.###} s in all.", type: "deadline", title: "The request took too long");

    public static Failure TooLarge(string detail) =>
        Failure.Permanent(detail, "response-too-large", "The response is too large");

    public static Failure Of(HttpRequestException exception) => exception switch
    {
        { InnerException: AddressRefusedException refused } => Failure.Permanent(refused.Message, "address-refused", "The address may not be reached"),
        { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            Failure.Permanent(exception.Message, "response-too-large", "The response is too large"),
        { HttpRequestError: HttpRequestError.NameResolutionError } => Failure.Temporary(exception.Message, type: "host-not-found", title: "The host is not known"),
        { HttpRequestError: HttpRequestError.ConnectionError } => Failure.Temporary(exception.Message, type: "connection-failed", title: "No connection could be made"),
        { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            Failure.Temporary(exception.InnerException?.Message ?? exception.Message, type: "tls-failed", title: "No secure connection could be made"),
        _ => Failure.Temporary(exception.Message, type: "connection-lost", title: "The exchange broke off"),
    };
}
