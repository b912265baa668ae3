namespace JobApi.Contracts;

/// <summary>Every kind of job this server runs.</summary>
/// <param name="Items">By name.</param>
public sealed record JobTypeListResponse(IReadOnlyList<JobTypeResponse> Items);

/// <summary>A kind of job.</summary>
public sealed record JobTypeResponse
{
    /// <summary>The word to submit.</summary>
    public required string Type { get; init; }

    /// <summary>What it does.</summary>
    public required string Description { get; init; }

    /// <summary>JSON Schema (draft 2020-12) of the payload.</summary>
    public required RawJson PayloadSchema { get; init; }

    /// <summary>JSON Schema (draft 2020-12) of the result.</summary>
    public required RawJson ResultSchema { get; init; }

    /// <summary>A payload that works as it stands.</summary>
    public RawJson? Example { get; init; }

    /// <summary>What a submission that says nothing gets.</summary>
    public required JobTypeDefaults Defaults { get; init; }

    /// <summary>What no submission can exceed.</summary>
    public required JobTypeLimits Limits { get; init; }

    /// <summary>Its circuit breaker: <c>none</c>, <c>closed</c> (attempts pass), <c>open</c> or <c>half-open</c>.</summary>
    public required string Circuit { get; init; }

    /// <summary>Where to go from here.</summary>
    public required JobTypeLinks Links { get; init; }
}

/// <summary>What a submission that says nothing gets.</summary>
/// <param name="TimeoutSeconds">How long one attempt may take.</param>
/// <param name="MaxAttempts">How often it may fail.</param>
/// <param name="Backoff">The pause between attempts.</param>
public sealed record JobTypeDefaults(double TimeoutSeconds, int MaxAttempts, BackoffSettings Backoff);

/// <summary>What no submission can exceed.</summary>
/// <param name="MaxTimeoutSeconds">The longest <c>timeoutSeconds</c>.</param>
/// <param name="MaxConcurrency">How many run at a time on one server; not limited when absent.</param>
public sealed record JobTypeLimits(double MaxTimeoutSeconds, int? MaxConcurrency);

/// <summary>Paths of a kind of job.</summary>
/// <param name="Self">The kind.</param>
public sealed record JobTypeLinks(string Self);
