namespace JobApi.Faults.Checking;

/// <summary>
/// Everything that was seen from outside during a run, and what the store said at its end. Written by processes that were never killed, so it is
/// what the promises are held against.
/// </summary>
internal sealed record History
{
    /// <summary>What the clients submitted, with every answer they got.</summary>
    public IReadOnlyList<Submission> Submissions { get; init; } = [];

    /// <summary>What the handlers did outside.</summary>
    public IReadOnlyList<Effect> Effects { get; init; } = [];

    /// <summary>What was done to the server.</summary>
    public IReadOnlyList<Disturbance> Disturbances { get; init; } = [];

    /// <summary>What people did to jobs.</summary>
    public IReadOnlyList<PersonalAct> Acts { get; init; } = [];

    /// <summary>What was answered when somebody looked a job up.</summary>
    public IReadOnlyList<Sighting> Sightings { get; init; } = [];

    /// <summary>All jobs of the store, after everything that could end had ended.</summary>
    public IReadOnlyList<StoredJob> Stored { get; init; } = [];

    /// <summary>How far the server's clock and ours may be apart, the time a signal takes included.</summary>
    public TimeSpan Tolerance { get; init; } = TimeSpan.FromMilliseconds(100);
}

/// <summary>What an answer says about the request.</summary>
internal enum Answer
{
    /// <summary>It was done: 2xx.</summary>
    Ok,

    /// <summary>It was certainly not done: 4xx, or 503 with <c>not_accepted</c>.</summary>
    Refused,

    /// <summary>Nobody knows: another 5xx, a reset, a time-out.</summary>
    Unknown,
}

/// <summary>One thing a client wanted done, whatever number of requests that took.</summary>
/// <param name="Token">Names it; a tag of the job and part of what its handler sends.</param>
/// <param name="Key">Its <c>Idempotency-Key</c>, if it has one.</param>
/// <param name="Fate">How it may end besides succeeding.</param>
internal sealed record Submission(string Token, string? Key, Fate Fate = Fate.None)
{
    /// <summary>The requests, in the order in which they were answered.</summary>
    public IReadOnlyList<SubmitRequest> Requests { get; init; } = [];
}

/// <summary>One <c>POST /jobs</c>.</summary>
/// <param name="SentAt">When it was sent.</param>
/// <param name="Answer">What the answer means.</param>
/// <param name="JobId">The job it named.</param>
/// <param name="Detail">The answer in words.</param>
internal sealed record SubmitRequest(DateTimeOffset SentAt, Answer Answer, Guid? JobId, string Detail);

/// <summary>How a job may end because of what it is.</summary>
[Flags]
internal enum Fate
{
    /// <summary>Only in the ways that every job may.</summary>
    None = 0,

    /// <summary>Its handler does not end in time.</summary>
    TimesOut = 1,

    /// <summary>Its handler kills the process.</summary>
    Poisonous = 2,

    /// <summary>Its handler does not call the sink.</summary>
    Silent = 4,
}

/// <summary>A handler's call of the sink: the start of an attempt, seen from outside.</summary>
/// <param name="Number">Counts all of them; the sink's answer, so a result tells which call it came from.</param>
/// <param name="Token">Whose.</param>
/// <param name="StartedAt">When the call came in.</param>
/// <param name="Status">The status the sink decided on.</param>
/// <param name="AnsweredAt">When the answer was out; null when the caller was gone by then.</param>
internal sealed record Effect(long Number, string Token, DateTimeOffset StartedAt, int Status, DateTimeOffset? AnsweredAt);

/// <summary>What was done to the server.</summary>
internal enum DisturbanceKind
{
    /// <summary>It was killed, or a handler took it down.</summary>
    Death,

    /// <summary>It was asked to stop.</summary>
    Stop,

    /// <summary>It was frozen for a while.</summary>
    Pause,
}

/// <summary>What was done to the server, from the moment before to the moment after.</summary>
internal sealed record Disturbance(DisturbanceKind Kind, DateTimeOffset From, DateTimeOffset To);

/// <summary>What a person can do to a job.</summary>
internal enum ActKind
{
    /// <summary>Cancel it.</summary>
    Cancel,

    /// <summary>Run it once more.</summary>
    Retry,
}

/// <summary>What a person did to a job.</summary>
internal sealed record PersonalAct(Guid JobId, ActKind Kind, DateTimeOffset SentAt, DateTimeOffset AnsweredAt, Answer Answer);

/// <summary>A look at a job that had been accepted.</summary>
/// <param name="JobId">Which.</param>
/// <param name="SentAt">When it was asked for.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="State">Its state, when there was one.</param>
/// <param name="Done">Whether that is an end.</param>
/// <param name="Attempt">Its attempt.</param>
/// <param name="FinishedAt">When it ended.</param>
internal sealed record Sighting(Guid JobId, DateTimeOffset SentAt, int Status, string? State, bool Done, int Attempt, DateTimeOffset? FinishedAt);

/// <summary>A job as the store gives it at the end of a run.</summary>
internal sealed record StoredJob
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The token of its submission.</summary>
    public required string? Token { get; init; }

    /// <summary>Where it stands.</summary>
    public required string State { get; init; }

    /// <summary>Whether it has ended.</summary>
    public required bool Done { get; init; }

    /// <summary>Claims so far.</summary>
    public int Attempt { get; init; }

    /// <summary>Charged failures.</summary>
    public int Failures { get; init; }

    /// <summary>Failures allowed.</summary>
    public int MaxAttempts { get; init; }

    /// <summary>Charged deaths.</summary>
    public int Crashes { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The <see cref="Effect.Number"/> its result came from.</summary>
    public long? ResultOf { get; init; }

    /// <summary>The type of its last error.</summary>
    public string? Error { get; init; }

    /// <summary>Its ended attempts, oldest first.</summary>
    public IReadOnlyList<StoredAttempt> Attempts { get; init; } = [];
}

/// <summary>An ended attempt as the store gives it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="StartedAt">When it was claimed.</param>
/// <param name="EndedAt">When it ended, or was found to have.</param>
/// <param name="Outcome">The state the job went to.</param>
/// <param name="Waiting">Why it then waited.</param>
/// <param name="Error">The type of its error.</param>
/// <param name="Worker">Who ran it; nobody, when it was handed back before a worker had picked it up.</param>
internal sealed record StoredAttempt(int Number, DateTimeOffset StartedAt, DateTimeOffset EndedAt, string Outcome, string? Waiting, string? Error, string? Worker)
{
    /// <summary>The type of the error of an attempt whose process died.</summary>
    public const string Lost = "lost";

    /// <summary>Whether its process died, says the store.</summary>
    public bool IsLost => Error == Lost;

    /// <summary>Whether it was handed back before a worker had picked it up: it was claimed, and nothing was started.</summary>
    public bool IsUnused => Outcome == "queued" && Worker is null;

    /// <summary>Whether it ended its job.</summary>
    public bool IsEnd => Outcome is "succeeded" or "failed" or "canceled";
}
