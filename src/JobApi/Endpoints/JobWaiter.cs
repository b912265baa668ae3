using JobApi.Engine.Lifecycle;
using JobApi.Engine.Results;

namespace JobApi.Endpoints;

/// <summary>Holds a request until its job has come far enough. Costs no thread, and ends early when the server stops.</summary>
internal sealed class JobWaiter(ResultsStore results, IHostApplicationLifetime lifetime)
{
    /// <summary>Waits until a condition holds, the time is up, the caller has gone or the server stops.</summary>
    /// <returns>The job as it stands then; null when there is none.</returns>
    public async ValueTask<Job?> WaitAsync(Guid id, Func<Job, bool> until, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (atMost <= TimeSpan.Zero)
        {
            return await results.FindAsync(id, cancellationToken);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);

        try
        {
            return await results.WaitAsync(id, until, atMost, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The server stops: the caller gets what there is, now, instead of a broken connection at the end of the grace period.
            return await results.FindAsync(id, cancellationToken);
        }
    }
}
