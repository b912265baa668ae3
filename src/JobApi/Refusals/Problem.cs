using System.Globalization;
using JobApi.Contracts;

namespace JobApi.Refusals;

/// <summary>A refusal on its way out (RFC 9457). Written the same whether an endpoint, a guard or the error handler says it.</summary>
internal sealed class Problem(ProblemType type, string detail) : IResult, IStatusCodeHttpResult, IContentTypeHttpResult
{
    public const string MediaType = "application/problem+json";

    public ProblemType Type { get; } = type;

    /// <summary>What is wrong this time.</summary>
    public string Detail { get; } = detail;

    /// <summary>What is wrong where.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }

    /// <summary>When another try is worth it.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What is certain about the outcome.</summary>
    public string? Outcome { get; init; }

    int? IStatusCodeHttpResult.StatusCode => Type.Status;

    string IContentTypeHttpResult.ContentType => MediaType;

    /// <summary>The problem as it is written.</summary>
    /// <param name="traceId">Finds the request; absent where the problem is part of an answer.</param>
    public ProblemResponse ToResponse(string? traceId = null) => new()
    {
        Type = Type.Urn,
        Title = Type.Title,
        Status = Type.Status,
        Detail = Detail,
        TraceId = traceId,
        Errors = Errors,
        Outcome = Outcome,
    };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Type.Status;
        response.Headers.CacheControl = "no-store";

        // A refusal of the framework has set the length of the empty body it meant to send.
        response.ContentLength = null;

        if (RetryAfter is { } pause)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(pause.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (HttpMethods.IsHead(httpContext.Request.Method))
        {
            return;
        }

        var body = ToResponse(httpContext.TraceId());

        await response.WriteAsJsonAsync(body, JobApiJson.Wire.ProblemResponse, MediaType, httpContext.RequestAborted);
    }
}
