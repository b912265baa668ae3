namespace JobApi.Engine.Execution;

/// <summary>
/// Does the work of one job type. A new instance is made for every attempt, from a dependency-injection scope of its own.
/// </summary>
/// <remarks>
/// A handler may run more than once for the same job (its process can die after the work and before the result is stored), so
/// an effect outside should be idempotent; <see cref="JobContext.JobId"/> is the natural key. What the handler understands it
/// returns as a <see cref="Failure"/>; an exception means "I did not expect this", and the job is tried again.
/// </remarks>
/// <typeparam name="TPayload">What a caller sends; a record that System.Text.Json can read.</typeparam>
/// <typeparam name="TResult">What a caller gets; a record that System.Text.Json can write.</typeparam>
public interface IJobHandler<in TPayload, TResult>
{
    /// <summary>Runs one attempt.</summary>
    /// <param name="payload">The payload, which has passed the type's validation.</param>
    /// <param name="context">The job that is running.</param>
    /// <param name="cancellationToken">Fires on the job's timeout, a cancellation, a lost lease and the end of the server's grace period.</param>
    Task<Attempt<TResult>> HandleAsync(TPayload payload, JobContext context, CancellationToken cancellationToken);
}
