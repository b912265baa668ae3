namespace JobApi.Faults.Checking.Rules;

/// <summary>Every end has its cause, is the end of the attempt that ran last, and stays.</summary>
internal static class Endings
{
    /// <summary>The death after which a job is given up.</summary>
    public const int MaxCrashes = 3;

    /// <summary>After everything, with room for a tolerance.</summary>
    private static readonly DateTimeOffset Finally = DateTimeOffset.MaxValue.AddDays(-1);

    public static IEnumerable<Violation> Check(Dossier dossier) =>
        dossier.Job is { Done: true } job ? HasCause(dossier, job).Concat(Stays(dossier, job)) : [];

    private static IEnumerable<Violation> HasCause(Dossier dossier, StoredJob job)
    {
        var flaw = job.State switch
        {
            "succeeded" when dossier.Fate.HasFlag(Fate.Silent) => null,
            "succeeded" => Success(dossier, job),
            "failed" when job.Crashes >= MaxCrashes || (job.Failures >= job.MaxAttempts && job.Failures > 0) => null,
            "failed" when dossier.Effects.Any(effect => effect.Status is >= 400 and < 500) => null,
            "failed" => $"It failed ({job.Error}) with {job.Failures} of {job.MaxAttempts} failures and {job.Crashes} crashes",
            "canceled" when !dossier.Acts.Any(act => act is { Kind: ActKind.Cancel, Answer: not Answer.Refused }) => "It was canceled and nobody asked for that",
            _ => null,
        };

        if (flaw is not null)
        {
            yield return dossier.Breaks(ViolationKind.Outcome, flaw + ".");
        }
    }

    /// <summary>The result names the call it came from: it must have been made by the last attempt, and have been answered.</summary>
    private static string? Success(Dossier dossier, StoredJob job)
    {
        var call = dossier.Effects.FirstOrDefault(effect => effect.Number == job.ResultOf);

        return call switch
        {
            null => $"It succeeded, but its result ({job.ResultOf?.ToString() ?? "none"}) is of no call its handler made",
            { AnsweredAt: null } => $"It succeeded by call {call.Number}, which was never answered",
            { Status: >= 400 } => $"It succeeded by call {call.Number}, which was answered with {call.Status}",
            _ when job.Attempts is [.., var last] && call.StartedAt < last.StartedAt - dossier.Tolerance =>
                $"It succeeded in attempt {last.Number}, but by call {call.Number}, which an earlier attempt made at {call.StartedAt:O}",
            _ => null,
        };
    }

    private static IEnumerable<Violation> Stays(Dossier dossier, StoredJob job)
    {
        Sighting? end = null;
        var last = new Sighting(job.Id, Finally, 200, job.State, job.Done, job.Attempt, job.FinishedAt);

        foreach (var look in dossier.Sightings.Where(look => look.Status == 200).Append(last))
        {
            if (end is { } before && (look.State, look.Attempt, look.FinishedAt) != (before.State, before.Attempt, before.FinishedAt)
                && !dossier.MayBeRetried(before.FinishedAt ?? before.SentAt, look.SentAt))
            {
                yield return dossier.Breaks(
                    ViolationKind.SecondEnd, $"It had ended as {before.State} in attempt {before.Attempt}, and was {look.State} in attempt {look.Attempt} later.");
                yield break;
            }

            end = look.Done ? look : null;
        }
    }
}
