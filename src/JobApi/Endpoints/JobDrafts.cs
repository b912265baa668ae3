using System.Diagnostics;
using JobApi.Contracts;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Submission;
using JobApi.Requests;

namespace JobApi.Endpoints;

/// <summary>Turns a submission from its wire form into the engine's.</summary>
internal sealed class JobDrafts(HandlerRegistry types)
{
    public JobDraft Of(JobBody body, IdempotencyKeyHeader key, HttpRequest http) => Of(body.Request, TraceParent(http), key.Value, body.Fingerprint);

    /// <param name="request">What was asked for.</param>
    /// <param name="traceParent">The trace to continue.</param>
    /// <param name="key">The key the job is remembered by.</param>
    /// <param name="fingerprint">A hash of what the key stands for.</param>
    public JobDraft Of(SubmitJobRequest request, string? traceParent, string? key = null, ReadOnlyMemory<byte> fingerprint = default) => new()
    {
        Type = request.Type,
        Payload = request.Payload.Utf8,
        Queue = request.Queue,
        Priority = request.Priority ?? 0,
        RunAt = request.RunAt,
        Delay = Span(request.DelaySeconds),
        ExpiresIn = Span(request.ExpiresInSeconds),
        Timeout = Span(request.TimeoutSeconds),
        MaxAttempts = request.MaxAttempts,
        Backoff = Merge(request.Type, request.Backoff),
        Retention = Span(request.RetentionSeconds),
        Tags = request.Tags,
        Unique = request.Unique is { } unique ? new UniqueKey(unique.Key, Words.OnConflict(unique.OnConflict) ?? UniqueConflict.Reject) : null,
        FairnessKey = request.FairnessKey,
        ConcurrencyKey = request.ConcurrencyKey,
        ConcurrencyLimit = request.ConcurrencyLimit,
        TraceParent = traceParent,
        IdempotencyKey = key,
        Fingerprint = fingerprint,
    };

    private static TimeSpan? Span(double? seconds) => seconds is { } some ? TimeSpan.FromSeconds(some) : null;

    /// <summary>A caller may say only part of it; the rest is the type's.</summary>
    private Backoff? Merge(string type, BackoffSettings? asked)
    {
        if (asked is null)
        {
            return null;
        }

        var own = types.Find(type)?.Options.Backoff ?? Backoff.Default;
        var first = Span(asked.BaseSeconds) ?? own.Base;
        var longest = Span(asked.MaxSeconds) ?? (own.Max > first ? own.Max : first);

        return new Backoff(Words.Backoff(asked.Kind) ?? own.Kind, first, longest);
    }

    /// <summary>The caller's trace, continued below this request where the server traces it.</summary>
    public static string? TraceParent(HttpRequest http)
    {
        var header = http.Headers.TraceParent.ToString();

        return header.Length > 0 && ActivityContext.TryParse(header, null, out var caller)
            ? Activity.Current is { IdFormat: ActivityIdFormat.W3C } own && own.TraceId == caller.TraceId ? own.Id : header
            : null;
    }
}
