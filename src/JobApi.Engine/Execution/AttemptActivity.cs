using System.Diagnostics;
using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Execution;

/// <summary>The trace span of an attempt. It continues the submitter's trace (W3C Trace Context).</summary>
internal static class AttemptActivity
{
    /// <summary>The name to give to OpenTelemetry's <c>AddSource</c>.</summary>
    public const string SourceName = "JobApi";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Starts the span; null, and free of cost, when nobody listens.</summary>
    public static Activity? Start(Job job)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        ActivityContext.TryParse(job.Spec.TraceParent, null, isRemote: true, out var parent);
        var activity = Source.StartActivity($"job {job.Type}", ActivityKind.Consumer, parent);
        return activity?.SetTag("job.id", job.Id).SetTag("job.type", job.Type).SetTag("job.queue", job.Queue).SetTag("job.attempt", job.Attempt);
    }
}
