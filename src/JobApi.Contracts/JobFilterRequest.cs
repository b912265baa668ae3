namespace JobApi.Contracts;

/// <summary>Which jobs: the filters of the list. All that are given must hold, and at least one must be given.</summary>
public record JobFilterRequest
{
    /// <summary>Any of these states. States in which the jobs cannot be acted on find nothing.</summary>
    public IReadOnlyList<string>? State { get; init; }

    /// <summary>Exactly this kind of job.</summary>
    public string? Type { get; init; }

    /// <summary>Exactly this queue.</summary>
    public string? Queue { get; init; }

    /// <summary>All of these labels with these values.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Submitted at or after this instant.</summary>
    public DateTimeOffset? CreatedAfter { get; init; }

    /// <summary>Submitted before this instant.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>Words that all occur in payload, tags or error; as <c>q</c> of the list.</summary>
    public string? Q { get; init; }

    /// <summary>The <c>nextPageToken</c> of the call before, with the same filters.</summary>
    public string? PageToken { get; init; }
}

/// <summary>Which jobs to cancel, and why.</summary>
public sealed record CancelJobsRequest : JobFilterRequest
{
    /// <summary>Why, for whoever reads the jobs later; at most 500 characters.</summary>
    public string? Reason { get; init; }
}
