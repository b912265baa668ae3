namespace JobApi.Contracts;

/// <summary>The optional body of a cancellation.</summary>
public sealed record CancelJobRequest
{
    /// <summary>Why, for whoever reads the job later; at most 500 characters.</summary>
    public string? Reason { get; init; }
}
