namespace JobApi.Engine.Storage.Searching;

/// <summary>
/// What a store that cannot search its jobs as they are keeps beside them: an index that follows behind the writes. It is derived from the jobs and made anew
/// when it is missing, damaged or of another version; nothing that is promised of jobs depends on it.
/// </summary>
public interface ISearchIndex
{
    /// <summary>Does a part of what is to be done, for a fraction of a second; one call at a time. Trouble with the index is an answer and no exception.</summary>
    Task<IndexStep> StepAsync(CancellationToken cancellationToken);

    /// <summary>How far the index is behind; null when there is none.</summary>
    ValueTask<IndexLag?> LagAsync(CancellationToken cancellationToken);
}

/// <summary>What became of a step.</summary>
/// <param name="IsCaughtUp">Nothing was left to do.</param>
/// <param name="IsBusy">Others wrote to the store since the step before.</param>
/// <param name="Trouble">Why the index could not be kept; the next step tries again.</param>
public sealed record IndexStep(bool IsCaughtUp, bool IsBusy, Exception? Trouble = null);

/// <summary>How far an index is behind.</summary>
/// <param name="Jobs">New and changed jobs that it does not know yet.</param>
/// <param name="OldestSince">Since when the oldest new one waits; null when none does.</param>
public sealed record IndexLag(long Jobs, DateTimeOffset? OldestSince);
