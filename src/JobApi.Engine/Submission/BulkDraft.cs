namespace JobApi.Engine.Submission;

/// <summary>Several jobs as a caller words them, submitted together.</summary>
/// <param name="Drafts">
/// 1 to <see cref="MaxJobs"/> jobs; null keeps the place of one that could not even be read. The drafts' own keys are not looked at. They are gone through
/// once, in order and to the last, before any answer but <see cref="BulkResult.NotAccepted"/>, and none of them is kept.
/// </param>
/// <param name="IsAtomic">Whether all are stored or none.</param>
public sealed record BulkDraft(IReadOnlyCollection<JobDraft?> Drafts, bool IsAtomic)
{
    /// <summary>The most jobs of one bulk: what fits into one transaction without keeping others waiting.</summary>
    public const int MaxJobs = 1_000;

    /// <summary>The caller's idempotency key for the whole; a repeated bulk under it gives the same jobs.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>A hash of everything the key stands for; required with <see cref="IdempotencyKey"/>.</summary>
    public ReadOnlyMemory<byte> Fingerprint { get; init; }
}

/// <summary>What became of a bulk. A closed set.</summary>
public abstract record BulkResult
{
    private BulkResult()
    {
    }

    /// <summary>Every job has its own answer.</summary>
    /// <param name="Results">One for each draft, in order; null where there was none.</param>
    public sealed record Answered(IReadOnlyList<SubmitResult?> Results) : BulkResult
    {
        /// <summary>Whether the same bulk was submitted under this key before: these are the jobs of that time as they stand now.</summary>
        public bool IsReplay { get; init; }
    }

    /// <summary>Nothing was stored, because all was to be stored or nothing and some jobs were refused.</summary>
    /// <param name="Results">The refusals by place; null where nothing is wrong with the draft, or there was none.</param>
    public sealed record Refused(IReadOnlyList<SubmitResult?> Results) : BulkResult;

    /// <summary>The key was used before with another body.</summary>
    public sealed record KeyReused : BulkResult;

    /// <summary>The key was used before and all its jobs have been deleted since.</summary>
    public sealed record Gone : BulkResult;

    /// <summary>Nothing was stored: the backlog has no room for all of it, or the node is stopping.</summary>
    /// <param name="Why">For people.</param>
    /// <param name="RetryAfter">When another try is worth it.</param>
    public sealed record NotAccepted(string Why, TimeSpan RetryAfter) : BulkResult;
}
