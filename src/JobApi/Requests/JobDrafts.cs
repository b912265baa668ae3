using System.Diagnostics;
using JobApi.Contracts;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Submission;

namespace JobApi.Requests;

/// <summary>Turns a submission from its wire form into the engine's.</summary>
internal sealed class JobDrafts(HandlerRegistry types)
{
    /// <param name="job">What was asked for.</param>
    /// <param name="traceParent">The trace to continue.</param>
    public static JobDraft Of(PlainJob job, string? traceParent) => new() { Type = job.Type, Payload = job.Payload, TraceParent = traceParent };

    /// <param name="request">What was asked for.</param>
    /// <param name="traceParent">The trace to continue.</param>
    public JobDraft Of(SubmitJobRequest request, string? traceParent) => new()
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
