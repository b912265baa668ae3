using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Execution;

/// <summary>Turns what went wrong in an attempt into what is kept with the job.</summary>
internal static class Errors
{
    /// <summary>Longest detail kept; an exception's message can be a whole response body.</summary>
    private const int MaxDetail = 4_000;

    public static JobError Of(Job job, Failure failure) => Of(job, failure.Type, failure.Title, failure.Detail);

    public static JobError Of(Job job, string type, string title, string detail) =>
        new(type, title, detail.Length > MaxDetail ? detail[..MaxDetail] : detail, job.Attempt);

    public static JobOutcome Failed(Job job, string type, string title, string detail) => new JobOutcome.Failed(Of(job, type, title, detail));

    /// <summary>The handler did not expect this, so nobody knows whether it may pass: it is tried again.</summary>
    public static JobOutcome Unexpected(Job job, Exception exception) => new JobOutcome.Retry(
        Of(job, "exception", "The handler threw an exception", Describe(exception)));

    /// <summary>An exception in one line, whatever its own code does.</summary>
    public static string Describe(Exception exception) => $"{exception.GetType().FullName}: {MessageOf(exception)}";

    /// <summary>An exception is the handler's own code, and its message may throw as well.</summary>
    private static string MessageOf(Exception exception)
    {
        try
        {
            return exception.Message;
        }
#pragma warning disable CA1031 // Whatever it throws, there is no message.
        catch (Exception)
#pragma warning restore CA1031
        {
            return "(its message cannot be read)";
        }
    }
}
