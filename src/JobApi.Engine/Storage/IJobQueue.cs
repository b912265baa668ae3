using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage;

/// <summary>
/// The write side of the store that workers live on. Every call is plural, every write of a worker is fenced by its
/// <see cref="Lease"/>, and when a call returns, what it reports is as durable as <see cref="StoreTraits.Durability"/> says.
/// </summary>
public interface IJobQueue
{
    /// <summary>
    /// Stores submissions. Each is atomic alone and none fails its neighbours. As many of the new jobs as
    /// <see cref="InsertRequest.Offer"/> has hands for come back already claimed, provided they are due and nothing claimable waits before them.
    /// </summary>
    /// <returns>One outcome a submission, in order.</returns>
    ValueTask<IReadOnlyList<InsertOutcome>> InsertAsync(InsertRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Claims due jobs in the order (priority descending, due time, sequence) and counts an attempt for each. Either jobs that may run
    /// beside others, or one suspect, never both (<see cref="ClaimRequest.IsForSuspect"/>).
    /// </summary>
    /// <returns>The jobs as they stand after the claim; empty when nothing fits.</returns>
    ValueTask<IReadOnlyList<Job>> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken);

    /// <summary>Extends leases that are still held.</summary>
    /// <returns>Which of them were lost, and which jobs somebody wants canceled.</returns>
    ValueTask<RenewOutcome> RenewAsync(RenewRequest request, CancellationToken cancellationToken);

    /// <summary>Ends attempts, each only while its job still runs that very attempt: a stale one changes nothing.</summary>
    /// <returns>The jobs that changed, as they stand now, in the order of the completions.</returns>
    ValueTask<IReadOnlyList<Job>> CompleteAsync(IReadOnlyList<JobCompletion> completions, CancellationToken cancellationToken);

    /// <summary>
    /// The only place where time moves jobs: wakes due ones, cancels expired ones, recovers those whose lease ran out.
    /// Changes at most <see cref="AdvanceRequest.Max"/> jobs a call.
    /// </summary>
    ValueTask<AdvanceOutcome> AdvanceAsync(AdvanceRequest request, CancellationToken cancellationToken);
}

/// <summary>Submissions to store in one transaction.</summary>
/// <param name="Submissions">1 to 1,000 submissions.</param>
/// <param name="Now">The moment of storing.</param>
/// <param name="Offer">Hands that would take new jobs at once, if there are any.</param>
public sealed record InsertRequest(IReadOnlyList<Submission> Submissions, DateTimeOffset Now, ClaimOffer? Offer = null)
{
    /// <summary>Submissions for which hands were taken already.</summary>
    public InsertRequest(IReadOnlyList<Submission> submissions, DateTimeOffset now, ClaimRequest? taken)
        : this(submissions, now, taken is null ? null : new ClaimOffer(() => taken, static _ => { }))
    {
    }

    /// <summary>1 to 1,000 submissions.</summary>
    public IReadOnlyList<Submission> Submissions
    {
        get;
        init => (field, Jobs) = (value, JobsOf(value));
    }
    = Submissions;

    /// <summary>All their jobs, in order. Put together on the caller's time: a store that writes on one thread looks at them more than once.</summary>
    public IReadOnlyList<JobSpec> Jobs { get; private init; } = JobsOf(Submissions);

    private static IReadOnlyList<JobSpec> JobsOf(IReadOnlyList<Submission> submissions) =>
        submissions is [var only] ? only.Jobs : submissions.SelectMany(submission => submission.Jobs).ToArray();
}

/// <summary>One thing a caller submitted: a job, or several that are accepted or refused together.</summary>
/// <param name="Jobs">Up to 1,000 jobs; none to ask only what became of the key.</param>
/// <param name="Key">What makes a repeated submission recognisable.</param>
public sealed record Submission(IReadOnlyList<JobSpec> Jobs, IdempotencyKey? Key = null);

/// <summary>The caller's key of a submission and the fingerprint of what came with it.</summary>
/// <param name="Value">The key as the caller sent it.</param>
/// <param name="Fingerprint">A hash of the request's body; another body under the same key is refused.</param>
/// <param name="ExpiresAt">The earliest moment at which the key may be forgotten; never before its jobs are.</param>
public sealed record IdempotencyKey(string Value, ReadOnlyMemory<byte> Fingerprint, DateTimeOffset ExpiresAt);

/// <summary>What became of one submission. A closed set.</summary>
public abstract record InsertOutcome
{
    private InsertOutcome()
    {
    }

    /// <summary>Stored. Jobs that are <see cref="JobState.Running"/> were claimed by the offer.</summary>
    /// <param name="Jobs">The new jobs, in order.</param>
    public sealed record Inserted(IReadOnlyList<Job> Jobs) : InsertOutcome
    {
        /// <summary>Jobs that hold the unique keys of submitted ones and were asked for in that case: those were not stored.</summary>
        public IReadOnlyList<Job> Existing { get; init; } = [];
    }

    /// <summary>Other jobs hold unique keys of the submission. Nothing was stored.</summary>
    /// <param name="Holders">Those jobs.</param>
    public sealed record UniqueKeyHeld(IReadOnlyList<Job> Holders) : InsertOutcome;

    /// <summary>The key was used before with the same body: these are the jobs of that time that are left, as they stand now.</summary>
    public sealed record Replayed(IReadOnlyList<Job> Jobs) : InsertOutcome;

    /// <summary>The key was used before and all its jobs have been deleted since.</summary>
    public sealed record Gone : InsertOutcome;

    /// <summary>The key was used before with another body. Nothing was stored.</summary>
    public sealed record KeyReused : InsertOutcome;

    /// <summary>The backlog has no room for all of the submission. Nothing was stored.</summary>
    public sealed record Full : InsertOutcome;

    /// <summary>The disk has no room for it. Nothing was stored.</summary>
    public sealed record DiskFull : InsertOutcome;
}

/// <summary>What a node can take.</summary>
public sealed record ClaimRequest
{
    /// <summary>The most jobs to claim: the number of hands, those included that will be free by then.</summary>
    public required int Max { get; init; }

    /// <summary>The claiming process; random per start.</summary>
    public required string Node { get; init; }

    /// <summary>The moment of the claim.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>When the claim runs out unless it is renewed.</summary>
    public required DateTimeOffset LeaseExpiresAt { get; init; }

    /// <summary>The types this node has a handler for.</summary>
    public required IReadOnlySet<string> Types { get; init; }

    /// <summary>How many more jobs of a type this node may run now; types without an entry are not limited.</summary>
    public IReadOnlyDictionary<string, int> TypeBudgets { get; init; } = NoBudgets;

    /// <summary>
    /// Whether the claim is for one suspect, which the node then runs alone (<see cref="JobLifecycle.IsSuspect"/>). Any other claim passes over suspects
    /// as if they were not there.
    /// </summary>
    public bool IsForSuspect { get; init; }

    /// <summary>The most jobs the store may claim: suspects come one at a time.</summary>
    public int Limit => IsForSuspect ? Math.Min(Max, 1) : Max;

    private static readonly Dictionary<string, int> NoBudgets = [];
}

/// <summary>A node's wish to keep what it holds.</summary>
/// <param name="Held">The leases it holds.</param>
/// <param name="Now">The moment of asking.</param>
/// <param name="LeaseExpiresAt">The new end of each.</param>
public sealed record RenewRequest(IReadOnlyList<Lease> Held, DateTimeOffset Now, DateTimeOffset LeaseExpiresAt);

/// <summary>What a node learned by renewing.</summary>
/// <param name="Lost">Leases that are no longer its own; their handlers must stop and cannot commit.</param>
/// <param name="CancelRequested">Held jobs that somebody wants canceled.</param>
public sealed record RenewOutcome(IReadOnlyList<Guid> Lost, IReadOnlyList<Guid> CancelRequested);

/// <summary>A look at the clock.</summary>
/// <param name="Now">The moment.</param>
/// <param name="Max">The most jobs to change.</param>
public sealed record AdvanceRequest(DateTimeOffset Now, int Max);

/// <summary>What time did.</summary>
/// <param name="Changed">The jobs that moved, as they stand now.</param>
/// <param name="NextDue">When time will next move a job; null when nothing waits for the clock. Not after <see cref="AdvanceRequest.Now"/> when the maximum cut the work short.</param>
public sealed record AdvanceOutcome(IReadOnlyList<Job> Changed, DateTimeOffset? NextDue);
