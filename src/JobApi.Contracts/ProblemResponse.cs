namespace JobApi.Contracts;

/// <summary>Why a request was refused (RFC 9457, <c>application/problem+json</c>).</summary>
public sealed record ProblemResponse
{
    /// <summary>A stable name to branch on, such as <c>urn:jobapi:problem:job-not-found</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The kind of problem, the same for every problem of this type.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What is wrong this time, and what helps.</summary>
    public string? Detail { get; init; }

    /// <summary>Finds this request in the server's log and in traces.</summary>
    public string? TraceId { get; init; }

    /// <summary>
    /// What is wrong where: by JSON pointer (RFC 6901) into the body, by <c>?name</c> for a query parameter, by name for a header.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }

    /// <summary><c>not_accepted</c> when a 503 is certain to have stored nothing.</summary>
    public string? Outcome { get; init; }
}

/// <summary>How the server feels.</summary>
/// <param name="Status"><c>live</c> or <c>ready</c>.</param>
public sealed record HealthResponse(string Status);
