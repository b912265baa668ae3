using System.Diagnostics.CodeAnalysis;

namespace JobApi.Contracts;

/// <summary>What is to change about a job that has not started. What is absent stays; what cannot be taken away cannot be <c>null</c>.</summary>
public sealed record AmendJobRequest
{
    /// <summary>Higher goes first; -100 to 100.</summary>
    [DisallowNull]
    public int? Priority { get; init; }

    /// <summary>When it may start; a moment in the past means now. At most 366 days ahead.</summary>
    [DisallowNull]
    public DateTimeOffset? RunAt { get; init; }

    /// <summary>Labels to set by name; <c>null</c> takes one away. Those that are not named stay. At most 20 in the end.</summary>
    [DisallowNull]
    public IReadOnlyDictionary<string, string?>? Tags { get; init; }
}
