using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;

namespace JobApi.Engine.Execution;

/// <summary>
/// Catches what a handler throws outside its own call: on a thread or a pool thread it started, or in an <c>async void</c>
/// method. .NET would end the process, and with it every other job in hand; instead the one job is faulted. What is not thrown on
/// behalf of a job still ends the process, and so does a timer's callback, which has lost its context by the time it is unhandled.
/// </summary>
internal static partial class HandlerFaults
{
    private static ILogger? _log;
    private static int _installed;

    /// <summary>Installs the net, once a process; later calls only replace the log.</summary>
    public static void Catch(ILogger logger)
    {
        Volatile.Write(ref _log, logger);

        if (Interlocked.Exchange(ref _installed, 1) == 0)
        {
            ExceptionHandling.SetUnhandledExceptionHandler(TryFault);
            TaskScheduler.UnobservedTaskException += static (_, unobserved) => unobserved.SetObserved();
        }
    }

    private static bool TryFault(Exception exception)
    {
        // The job flows with the execution context to every thread and task its handler starts.
        if (HeldJob.Current is not { } held)
        {
            return false;
        }

        if (Volatile.Read(ref _log) is { } logger)
        {
            LogFault(logger, exception, held.Job.Type, held.Job.Id, held.Job.Attempt);
        }

        held.Stop(StopReason.Faulted, exception);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Code that the handler of {Type} job {JobId} left running threw in attempt {Attempt}; the job is faulted, the server goes on")]
    private static partial void LogFault(ILogger logger, Exception exception, string type, Guid jobId, int attempt);
}
