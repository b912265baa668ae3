using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Results;

/// <summary>What a wait for a job came to.</summary>
/// <param name="Job">The latest snapshot, whether or not it satisfies the condition; null when there is no such job.</param>
/// <param name="IsCutShort">Whether the server did not let the caller wait as long as asked for: it is stopping, or too many wait already.</param>
public readonly record struct Waited(Job? Job, bool IsCutShort = false);
