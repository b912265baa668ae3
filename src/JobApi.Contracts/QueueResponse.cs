using System.Text.Json.Serialization;

namespace JobApi.Contracts;

/// <summary>A page of queues.</summary>
/// <param name="Items">By name, at most 1,000.</param>
/// <param name="NextAfter">Send it as <c>after</c> to go on; absent on the last page.</param>
public sealed record QueueListResponse(IReadOnlyList<QueueResponse> Items, string? NextAfter);

/// <summary>A queue as it stands now.</summary>
public sealed record QueueResponse
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether none of its jobs starts any more. Those that run go on, and new ones are taken in.</summary>
    public required bool Paused { get; init; }

    /// <summary>How many of its jobs may run at a time; not limited when absent.</summary>
    public int? ConcurrencyLimit { get; init; }

    /// <summary>Jobs that are due and wait.</summary>
    public required long Depth { get; init; }

    /// <summary>How long the longest waiting due job has been due; 0 when none waits.</summary>
    public required double OldestQueuedSeconds { get; init; }

    /// <summary>Jobs that wait for their time.</summary>
    public required long Scheduled { get; init; }

    /// <summary>Jobs that run.</summary>
    public required long Running { get; init; }

    /// <summary>Where to go from here.</summary>
    public required QueueLinks Links { get; init; }
}

/// <summary>Paths of a queue.</summary>
/// <param name="Self">The queue.</param>
/// <param name="Pause">POST here to pause it.</param>
/// <param name="Resume">POST here to resume it.</param>
public sealed record QueueLinks(string Self, string Pause, string Resume);

/// <summary>What is to change about a queue; what is absent stays.</summary>
public sealed record ChangeQueueRequest
{
    /// <summary>Whether none of its jobs starts any more.</summary>
    public bool? Paused { get; init; }

    /// <summary>How many of its jobs may run at a time, 1 to 1,024; <c>null</c> takes the limit away.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public NewLimit ConcurrencyLimit { get; init; }
}
