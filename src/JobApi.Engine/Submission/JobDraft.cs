using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Submission;

/// <summary>A job as a caller words it; what is absent is filled in from its type.</summary>
public sealed record JobDraft
{
    /// <summary>Which handler runs it.</summary>
    public required string Type { get; init; }

    /// <summary>Strict UTF-8 JSON; kept as it is.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The queue; <see cref="JobSpec.DefaultQueue"/> when absent.</summary>
    public string? Queue { get; init; }

    /// <summary>Higher goes first.</summary>
    public int Priority { get; init; }

    /// <summary>When it may start; now when absent or past. Not together with <see cref="Delay"/>.</summary>
    public DateTimeOffset? RunAt { get; init; }

    /// <summary>How long to wait before it may start.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>If it has not started within this time it is canceled.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How often the handler may fail.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>The pause between attempts.</summary>
    public Backoff? Backoff { get; init; }

    /// <summary>How long it is kept once finished.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>The caller's own labels.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>The key that no other job may hold while this one has not ended.</summary>
    public UniqueKey? Unique { get; init; }

    /// <summary>Whose job it is: keys of a queue take turns.</summary>
    public string? FairnessKey { get; init; }

    /// <summary>A name shared by jobs of which only some may run at a time.</summary>
    public string? ConcurrencyKey { get; init; }

    /// <summary>How many of them may; one when absent.</summary>
    public int? ConcurrencyLimit { get; init; }

    /// <summary>The W3C trace context of the submitter.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The caller's idempotency key; a repeated submission under it gives the same job.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>A hash of everything the key stands for; required with <see cref="IdempotencyKey"/>.</summary>
    public ReadOnlyMemory<byte> Fingerprint { get; init; }
}

/// <summary>What became of a submission. A closed set.</summary>
public abstract record SubmitResult
{
    private SubmitResult()
    {
    }

    /// <summary>The job is stored, as durably as the store promises.</summary>
    public sealed record Accepted(Job Job) : SubmitResult;

    /// <summary>The same key and body were submitted before: this is that job as it stands now.</summary>
    public sealed record Replayed(Job Job) : SubmitResult;

    /// <summary>No handler of this type is registered.</summary>
    public sealed record UnknownType(string Type) : SubmitResult;

    /// <summary>The payload or a setting breaks a rule of the type. Locations are JSON pointers from the draft's root (<c>/payload/number</c>).</summary>
    public sealed record Invalid(IReadOnlyList<Execution.PayloadError> Errors) : SubmitResult;

    /// <summary>Another job holds the unique key, and was asked for in that case. Nothing was stored.</summary>
    public sealed record Existing(Job Job) : SubmitResult;

    /// <summary>Another job holds the unique key. Nothing was stored.</summary>
    public sealed record UniqueKeyHeld(Job Holder) : SubmitResult;

    /// <summary>The key was used before with another body.</summary>
    public sealed record KeyReused : SubmitResult;

    /// <summary>The key was used before and its job has been deleted since.</summary>
    public sealed record Gone : SubmitResult;

    /// <summary>Nothing was stored: the backlog is full or the node is stopping.</summary>
    /// <param name="Why">For people.</param>
    /// <param name="RetryAfter">When another try is worth it.</param>
    public sealed record NotAccepted(string Why, TimeSpan RetryAfter) : SubmitResult;
}
