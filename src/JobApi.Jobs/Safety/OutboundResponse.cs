using System.Net;
using System.Net.Http.Headers;
using JobApi.Engine.Execution;

namespace JobApi.Jobs.Safety;

/// <summary>A response whose body has not been read yet.</summary>
public sealed class OutboundResponse
{
    /// <summary>How much of an error's body goes into the failure: hosts tend to say there what is wrong.</summary>
    private const int ExcerptBytes = 500;

    /// <summary>How long the excerpt is waited for: the status says what counts, and a body may trickle for as long as its host likes.</summary>
    private static readonly TimeSpan ExcerptPatience = TimeSpan.FromSeconds(5);

    private readonly HttpResponseMessage _message;
    private readonly TimeProvider _time;
    private readonly CancellationToken _caller;

    internal OutboundResponse(HttpResponseMessage message, Uri url, TimeSpan? retryAfter, TimeProvider time, CancellationToken caller)
    {
        _message = message;
        _time = time;
        _caller = caller;
        Url = url;
        RetryAfter = retryAfter;
    }

    /// <summary>Where the redirects ended.</summary>
    public Uri Url { get; }

    /// <summary>The status.</summary>
    public HttpStatusCode Status => _message.StatusCode;

    /// <summary>How long the host asks to be left alone, within the server's limit.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The headers but those of the body.</summary>
    public HttpResponseHeaders Headers => _message.Headers;

    /// <summary>The headers of the body.</summary>
    public HttpContentHeaders BodyHeaders => _message.Content.Headers;

    /// <summary>
    /// Opens the body, once. Compression is undone, and bytes are counted after that: a small response that grows without end is cut off like
    /// any other. Reading more than <paramref name="maxBytes"/> fails the attempt for good.
    /// </summary>
    /// <param name="maxBytes">The longest body to accept.</param>
    /// <param name="cancellationToken">The token that was handed to the reader; it carries the deadline.</param>
    public async Task<Stream> OpenAsync(long maxBytes, CancellationToken cancellationToken) =>
        new BodyStream(await _message.Content.ReadAsStreamAsync(cancellationToken), maxBytes);

    /// <summary>
    /// What the status means for the job: 408, 429 and 5xx may pass, the rest of 4xx will not, everything else is no failure and gives null.
    /// </summary>
    /// <param name="cancellationToken">The token that was handed to the reader; it carries the deadline.</param>
    public async Task<Failure?> ReadFailureAsync(CancellationToken cancellationToken) => (int)Status switch
    {
        408 or 429 or >= 500 => Failure.Temporary(await DescribeAsync(cancellationToken), RetryAfter, "http-status", "The host answered with an error"),
        >= 400 => Failure.Permanent(await DescribeAsync(cancellationToken), "http-status", "The host answered with an error"),
        _ => null,
    };

    private async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        var answer = $"{Url.Authority} answered {(int)Status}";
        using var patience = new CancellationTokenSource(ExcerptPatience, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);

        try
        {
            var body = await ResponseText.ReadAsync(this, ExcerptBytes, both.Token);
            return string.IsNullOrWhiteSpace(body.Text) ? $"{answer}." : $"{answer}: {body.Text.Trim()}{(body.Truncated ? " …" : string.Empty)}";
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !_caller.IsCancellationRequested))
        {
            // The status has decided; a body that breaks off, or comes too slowly, must not turn a permanent failure into another one.
            return $"{answer}.";
        }
    }
}
