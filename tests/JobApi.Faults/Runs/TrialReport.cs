using JobApi.Faults.Checking;

namespace JobApi.Faults.Runs;

/// <summary>What came of trying a fault.</summary>
internal sealed record TrialReport
{
    /// <summary>The most violations that are told in full.</summary>
    private const int MaxStories = 5;

    /// <summary>The fault.</summary>
    public required string Fault { get; init; }

    /// <summary>How often it struck.</summary>
    public int Cycles { get; init; }

    /// <summary>Submissions that were accepted.</summary>
    public int Accepted { get; init; }

    /// <summary>Requests whose outcome nobody knows.</summary>
    public int Unknown { get; init; }

    /// <summary>Handler starts that were seen.</summary>
    public int Starts { get; init; }

    /// <summary>Jobs that were given up because their process died three times although they were not to blame.</summary>
    public int Condemned { get; init; }

    /// <summary>From the start of each process to its first "ready".</summary>
    public IReadOnlyList<TimeSpan> ReadyAgain { get; init; } = [];

    /// <summary>Promises that were broken.</summary>
    public IReadOnlyList<Violation> Violations { get; init; } = [];

    /// <summary>The first violations, each with all that is known about its job.</summary>
    public IReadOnlyList<string> Stories { get; init; } = [];

    public static TrialReport Of(string fault, int cycles, History history, IReadOnlyCollection<Violation> seen, IReadOnlyCollection<TimeSpan> readyAgain)
    {
        IReadOnlyList<Violation> violations = [.. seen, .. Checker.Check(history)];
        var blameless = history.Submissions.Where(submission => !submission.Fate.HasFlag(Fate.Poisonous)).Select(submission => submission.Token).ToHashSet();

        return new TrialReport
        {
            Fault = fault,
            Cycles = cycles,
            Accepted = history.Submissions.Count(submission => submission.Requests.Any(request => request.JobId is not null)),
            Unknown = history.Submissions.Sum(submission => submission.Requests.Count(request => request.Answer == Answer.Unknown)),
            Starts = history.Effects.Count,
            Condemned = history.Stored.Count(job => job is { State: "failed", Error: StoredAttempt.Lost } && job.Token is { } token && blameless.Contains(token)),
            ReadyAgain = [.. readyAgain],
            Violations = violations,
            Stories = [.. violations.DistinctBy(violation => (violation.Kind, violation.Token)).Take(MaxStories).Select(violation => JobStory.Tell(history, violation))],
        };
    }

    /// <summary>Two stretches of one run together.</summary>
    public TrialReport And(TrialReport more) => this with
    {
        Cycles = Cycles + more.Cycles,
        Accepted = Accepted + more.Accepted,
        Unknown = Unknown + more.Unknown,
        Starts = Starts + more.Starts,
        Condemned = Condemned + more.Condemned,
        ReadyAgain = [.. ReadyAgain, .. more.ReadyAgain],
        Violations = [.. Violations, .. more.Violations],
        Stories = [.. Stories, .. more.Stories],
    };
}
