using System.Collections.Frozen;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Submission;

/// <summary>Completes a draft with the defaults of its type.</summary>
internal static class JobSpecs
{
    /// <param name="draft">What the caller said.</param>
    /// <param name="type">Says the rest.</param>
    /// <param name="files">The stored files the payload names.</param>
    /// <param name="now">The moment of submission.</param>
    /// <param name="id">The job's id, when it is to be a particular one.</param>
    public static JobSpec From(JobDraft draft, JobType type, IReadOnlyList<Guid> files, DateTimeOffset now, Guid? id = null) => new()
    {
        Id = id ?? TimedId.Create(now),
        Type = type.Name,
        Payload = draft.Payload,
        Queue = draft.Queue ?? JobSpec.DefaultQueue,
        Priority = draft.Priority,
        CreatedAt = now,
        RunAt = Later(draft.RunAt ?? now + (draft.Delay ?? TimeSpan.Zero), now),
        ExpiresAt = now + draft.ExpiresIn,
        Timeout = draft.Timeout ?? type.Options.Timeout,
        MaxAttempts = draft.MaxAttempts ?? type.Options.MaxAttempts,
        Backoff = draft.Backoff ?? type.Options.Backoff,
        Retention = draft.Retention,
        Tags = draft.Tags is { Count: > 0 } tags ? tags : FrozenDictionary<string, string>.Empty,
        Unique = draft.Unique,
        FairnessKey = draft.FairnessKey,
        ConcurrencyKey = draft.ConcurrencyKey,
        ConcurrencyLimit = draft.ConcurrencyLimit ?? 1,
        Files = files,
        TraceParent = draft.TraceParent,
    };

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
