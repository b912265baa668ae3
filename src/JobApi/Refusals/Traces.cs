using System.Diagnostics;

namespace JobApi.Refusals;

/// <summary>The trace a request belongs to: what its problem and the server's log both say.</summary>
internal static class Traces
{
    private const int HexLength = 32;

    /// <summary>
    /// The trace the server follows the request under, where somebody listens; else its caller's; else a new one. The same at every question.
    /// </summary>
    public static string TraceId(this HttpContext context)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } own)
        {
            return own.TraceId.ToHexString();
        }

        // Kept in the place of the connection's own number, so that whoever asks again gets the same.
        if (context.TraceIdentifier.Length != HexLength)
        {
            context.TraceIdentifier = ActivityContext.TryParse(context.Request.Headers.TraceParent, null, out var caller)
                ? caller.TraceId.ToHexString()
                : ActivityTraceId.CreateRandom().ToHexString();
        }

        return context.TraceIdentifier;
    }
}
