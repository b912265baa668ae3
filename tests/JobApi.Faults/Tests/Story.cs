using JobApi.Faults.Checking;

namespace JobApi.Faults.Tests;

/// <summary>A history made by hand: one submission and its job, which ran once and succeeded, until a test tells it otherwise. Moments are seconds.</summary>
internal sealed record Story
{
    public static readonly Guid Id = new("01900000-0000-7000-8000-000000000001");

    private static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public string? Key { get; init; }

    public Fate Fate { get; init; }

    public SubmitRequest[] Requests { get; init; } = [Accepted(0)];

    public Effect[] Calls { get; init; } = [Call(1, at: 2)];

    public Disturbance[] Disturbances { get; init; } = [];

    public PersonalAct[] Acts { get; init; } = [];

    public Sighting[] Looks { get; init; } = [];

    public StoredJob[] Stored { get; init; } = [Job(Attempt(1, 1, 3))];

    public IEnumerable<ViolationKind> Verdict => Checker.Check(History).Select(violation => violation.Kind);

    public History History => new()
    {
        Submissions = [new Submission("t", Key, Fate) { Requests = Requests }],
        Effects = Calls,
        Disturbances = Disturbances,
        Acts = Acts,
        Sightings = Looks,
        Stored = Stored,
    };

    public static SubmitRequest Accepted(double at, Guid? id = null) => new(At(at), Answer.Ok, id ?? Id, "202");

    public static SubmitRequest Refused(double at) => new(At(at), Answer.Refused, null, "503 not_accepted");

    public static SubmitRequest Unknown(double at) => new(At(at), Answer.Unknown, null, "reset");

    public static Effect Call(long number, double at, int status = 200, bool answered = true) => new(number, "t", At(at), status, answered ? At(at) : null);

    public static StoredAttempt Attempt(int number, double from, double to, string outcome = "succeeded", string? waiting = null, string? error = null, string? worker = "worker-1") =>
        new(number, At(from), At(to), outcome, waiting, error, worker);

    public static StoredAttempt Lost(int number, double from, double to, string outcome = "scheduled") =>
        Attempt(number, from, to, outcome, outcome == "scheduled" ? "backoff" : null, StoredAttempt.Lost);

    public static StoredAttempt Failed(int number, double from, double to, string outcome = "scheduled", string error = "http-status") =>
        Attempt(number, from, to, outcome, outcome == "scheduled" ? "backoff" : null, error);

    public static Disturbance Disturbed(DisturbanceKind kind, double from, double to) => new(kind, At(from), At(to));

    public static PersonalAct Act(ActKind kind, double at, Answer answer = Answer.Ok) => new(Id, kind, At(at), At(at), answer);

    public static Sighting Look(double at, string state, int attempt = 1, double? finishedAt = null) =>
        new(Id, At(at), 200, state, finishedAt is not null, attempt, finishedAt is { } end ? At(end) : null);

    public static Sighting Missing(double at) => new(Id, At(at), 404, null, false, 0, null);

    /// <summary>A job that ended as its last attempt did; its counters follow from its attempts.</summary>
    public static StoredJob Job(params StoredAttempt[] attempts) => new()
    {
        Id = Id,
        Token = "t",
        State = attempts[^1].Outcome,
        Done = attempts[^1].IsEnd,
        Attempt = attempts[^1].Number,
        MaxAttempts = 4,
        Crashes = attempts.Count(attempt => attempt.IsLost),
        Failures = attempts.Count(attempt => attempt is { IsLost: false, Error: not null }),
        FinishedAt = attempts[^1].IsEnd ? attempts[^1].EndedAt : null,
        ResultOf = attempts[^1].Outcome == "succeeded" ? attempts.Length : null,
        Attempts = attempts,
    };

    public static DateTimeOffset At(double seconds) => Start.AddSeconds(seconds);
}
