namespace JobApi.Engine.Lifecycle;

/// <summary>
/// A worker's right to finish one attempt. <see cref="Attempt"/> grows with every claim and is never reused, so a worker
/// that lost its lease can no longer write over the attempt that replaced it: it is the fencing token.
/// </summary>
/// <param name="JobId">The job that is held.</param>
/// <param name="Attempt">The claim that gave this lease.</param>
/// <param name="ExpiresAt">When the right ends unless it is renewed.</param>
public readonly record struct Lease(Guid JobId, int Attempt, DateTimeOffset ExpiresAt);
