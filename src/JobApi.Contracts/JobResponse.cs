namespace JobApi.Contracts;

/// <summary>A job as it stands now.</summary>
public sealed record JobResponse
{
    /// <summary>A UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Which kind of job.</summary>
    public required string Type { get; init; }

    /// <summary><c>scheduled</c>, <c>queued</c>, <c>running</c>, <c>succeeded</c>, <c>failed</c> or <c>canceled</c>. More may come.</summary>
    public required string State { get; init; }

    /// <summary>Whether it has ended: nothing will happen to it any more by itself.</summary>
    public required bool Done { get; init; }

    /// <summary>Its queue.</summary>
    public required string Queue { get; init; }

    /// <summary>Higher goes first.</summary>
    public required int Priority { get; init; }

    /// <summary>Whose turn it is.</summary>
    public string? FairnessKey { get; init; }

    /// <summary>What it shares with jobs of which only some may run at a time.</summary>
    public string? ConcurrencyKey { get; init; }

    /// <summary>How many of them may run when it starts, itself included; only with a key.</summary>
    public int? ConcurrencyLimit { get; init; }

    /// <summary>The payload, byte for byte as it was sent.</summary>
    public required RawJson Payload { get; init; }

    /// <summary>What it returned; only when it succeeded.</summary>
    public RawJson? Result { get; init; }

    /// <summary>Why the latest attempt did not succeed.</summary>
    public JobErrorResponse? Error { get; init; }

    /// <summary>How far it says it is.</summary>
    public JobProgressResponse? Progress { get; init; }

    /// <summary>How often it was started.</summary>
    public required int Attempt { get; init; }

    /// <summary>How often it failed; counted against <c>maxAttempts</c>.</summary>
    public required int Failures { get; init; }

    /// <summary>How often the server died while it ran.</summary>
    public required int Crashes { get; init; }

    /// <summary>How often it may fail before it is given up.</summary>
    public required int MaxAttempts { get; init; }

    /// <summary>The worker that runs or last ran it.</summary>
    public string? Worker { get; init; }

    /// <summary>When it was submitted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is or was due.</summary>
    public required DateTimeOffset RunAt { get; init; }

    /// <summary>When its latest attempt started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How long its latest ended attempt ran, in milliseconds.</summary>
    public double? DurationMs { get; init; }

    /// <summary>When it was asked to be canceled, or expired; while it is still <c>running</c>, it is being canceled.</summary>
    public DateTimeOffset? CancelRequestedAt { get; init; }

    /// <summary>The reason given with the cancellation, or <c>expired</c>.</summary>
    public string? CancelReason { get; init; }

    /// <summary>Who asked to cancel it, when, why, and how long it took; from the moment of asking, and gone with a retry.</summary>
    public CancellationResponse? Cancellation { get; init; }

    /// <summary>If it has not started by then it is canceled.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The submitter's labels.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>Why it does not run, while it could.</summary>
    public WaitingResponse? Waiting { get; init; }

    /// <summary>What the stored job survives: <c>memory</c> (nothing), <c>fsync</c> (a crash of process and machine) or <c>replicated</c>.</summary>
    public required string Durability { get; init; }

    /// <summary>Grows with every change; also the response's <c>ETag</c>.</summary>
    public required long Version { get; init; }

    /// <summary>Where to go from here.</summary>
    public required JobLinks Links { get; init; }
}

/// <summary>Why an attempt did not succeed.</summary>
/// <param name="Type">A short stable word a program can branch on.</param>
/// <param name="Title">The kind of problem in words.</param>
/// <param name="Detail">What happened this time.</param>
/// <param name="Attempt">The attempt that failed.</param>
public sealed record JobErrorResponse(string Type, string Title, string Detail, int Attempt);

/// <summary>A cancellation that was asked for. The job may still succeed or fail: a result outweighs it.</summary>
/// <param name="By">
/// The way it came: <c>client</c> (a request about this job), <c>bulk</c> (a request about all that a filter finds), <c>expiry</c> (it had not started in time) or
/// <c>unknown</c> (asked for before this was recorded). More may come.
/// </param>
/// <param name="Address">The address the request came from; behind a proxy it is the proxy's. Absent when there was no request.</param>
/// <param name="Reason">The reason given, or <c>expired</c>.</param>
/// <param name="RequestedAt">When it was asked for.</param>
/// <param name="DurationMs">How long it took from then until the job had ended, in milliseconds; absent until it has.</param>
public sealed record CancellationResponse(string By, string? Address, string? Reason, DateTimeOffset RequestedAt, double? DurationMs);

/// <summary>How far a job says it is.</summary>
/// <param name="Percent">0 to 100, if known.</param>
/// <param name="Message">What it is doing.</param>
/// <param name="UpdatedAt">When it said so.</param>
public sealed record JobProgressResponse(double? Percent, string? Message, DateTimeOffset UpdatedAt);

/// <summary>Why a job that could run does not.</summary>
/// <param name="Reason">
/// <c>queue</c>, <c>schedule</c>, <c>backoff</c>, <c>rate_limit</c>, <c>concurrency_key</c>, <c>paused</c>, <c>queue_limit</c>, <c>type_limit</c>, <c>circuit_open</c> or
/// <c>no_worker</c>. More may come. What holds a due job up is looked for when a single job is read or changed; a list says <c>queue</c>.
/// </param>
/// <param name="Detail">The same for people.</param>
/// <param name="Position">
/// At which place a due job stands among all that can start; 1 is the next one. Exact up to 1,000 and absent beyond, and while something holds it up.
/// Only when a single job is read or changed: counting costs a look at the jobs ahead.
/// </param>
/// <param name="EstimatedStartAt">
/// When it is likely to start: when it is due, or once those before it have run, going by how long jobs have taken so far. Absent when nothing is known.
/// </param>
public sealed record WaitingResponse(string Reason, string? Detail, int? Position = null, DateTimeOffset? EstimatedStartAt = null);

/// <summary>Paths of a job.</summary>
/// <param name="Self">The job.</param>
/// <param name="Result">Its result alone.</param>
/// <param name="Cancel">POST here to cancel it.</param>
public sealed record JobLinks(string Self, string Result, string Cancel);
