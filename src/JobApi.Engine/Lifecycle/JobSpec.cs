using System.Collections.Frozen;

namespace JobApi.Engine.Lifecycle;

/// <summary>What was asked for: everything about a job that is known when it is submitted.</summary>
public sealed record JobSpec
{
    /// <summary>The queue of a job that names none.</summary>
    public const string DefaultQueue = "default";

    /// <summary>The most labels a job has.</summary>
    public const int MaxTags = 20;

    /// <summary>A UUIDv7 (RFC 9562), so ids sort by the millisecond of submission.</summary>
    public required Guid Id { get; init; }

    /// <summary>Which handler runs it.</summary>
    public required string Type { get; init; }

    /// <summary>The bytes that came in: valid UTF-8 JSON, kept as they are.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>A name to filter, measure and pause by.</summary>
    public string Queue { get; init; } = DefaultQueue;

    /// <summary>Higher goes first; -100 to 100.</summary>
    public int Priority { get; init; }

    /// <summary>When it was submitted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it may start; never before <see cref="CreatedAt"/>.</summary>
    public required DateTimeOffset RunAt { get; init; }

    /// <summary>If it has not started by then it is canceled with the reason <c>expired</c>.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How long one attempt may take.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>How often a handler may fail before the job is <see cref="JobState.Failed"/>.</summary>
    public required int MaxAttempts { get; init; }

    /// <summary>The pause between attempts.</summary>
    public required Backoff Backoff { get; init; }

    /// <summary>How long a finished job is kept; the store's rule for its state when absent.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>The caller's own labels.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The key that no other job may hold while this one has not ended.</summary>
    public UniqueKey? Unique { get; init; }

    /// <summary>Whose job it is: keys of a queue take turns.</summary>
    public string? FairnessKey { get; init; }

    /// <summary>A name shared by jobs of which only some may run at a time, whatever their types and queues.</summary>
    public string? ConcurrencyKey { get; init; }

    /// <summary>It starts only while fewer jobs of its <see cref="ConcurrencyKey"/> run than this. Without a key it means nothing.</summary>
    public int ConcurrencyLimit { get; init; } = 1;

    /// <summary>The stored files the payload names; they are kept as long as the job.</summary>
    public IReadOnlyList<Guid> Files { get; init; } = [];

    /// <summary>The W3C trace context of the submitter, so that the attempt's trace continues the caller's.</summary>
    public string? TraceParent { get; init; }
}
