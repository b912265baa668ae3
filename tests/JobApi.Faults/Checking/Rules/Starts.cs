namespace JobApi.Faults.Checking.Rules;

/// <summary>
/// Every start of a handler belongs to an attempt of its own, and every attempt after the first has a reason that was seen from
/// outside: the sink said no, the process died or was asked to stop, or a person wanted it. A claim that no worker picked up is no start.
/// </summary>
internal static class Starts
{
    public static IEnumerable<Violation> Check(Dossier dossier) =>
        dossier.Job is { } job ? BelongToAttempts(dossier, job).Concat(HaveReasons(dossier, job)) : [];

    private static IEnumerable<Violation> BelongToAttempts(Dossier dossier, StoredJob job)
    {
        for (var calls = 1; calls <= dossier.Effects.Count; calls++)
        {
            var call = dossier.Effects[calls - 1];
            var begun = job.Attempts.Count(attempt => !attempt.IsUnused && attempt.StartedAt <= call.StartedAt + dossier.Tolerance);

            if (begun < calls)
            {
                yield return dossier.Breaks(
                    ViolationKind.ExtraStart, $"Call {call.Number} at {call.StartedAt:O} is start {calls} of the handler, but only {begun} attempts had begun.");
                yield break;
            }
        }
    }

    private static IEnumerable<Violation> HaveReasons(Dossier dossier, StoredJob job)
    {
        for (var index = 0; index < job.Attempts.Count; index++)
        {
            var attempt = job.Attempts[index];
            var next = index + 1 < job.Attempts.Count ? job.Attempts[index + 1] : null;

            if (Flaw(dossier, attempt, next) is { } flaw)
            {
                yield return dossier.Breaks(ViolationKind.ExtraStart, $"Attempt {attempt.Number} {flaw}.");
            }
        }
    }

    /// <summary>What is wrong with how an attempt ended, or with the next one having begun.</summary>
    private static string? Flaw(Dossier dossier, StoredAttempt attempt, StoredAttempt? next) => attempt switch
    {
        { IsLost: true } when !dossier.WasDisturbed(DisturbanceKind.Death, attempt.StartedAt, attempt.EndedAt) =>
            "is recorded as lost, but no process died while it ran",
        { IsEnd: true } when next is not null && !dossier.MayBeRetried(attempt.EndedAt, next.StartedAt) =>
            $"ended the job as {attempt.Outcome}, and another began although nobody asked for it",
        { IsUnused: true } => null,
        { Outcome: "queued" } when !dossier.WasDisturbed(DisturbanceKind.Stop, attempt.EndedAt, attempt.EndedAt) =>
            "was handed back, but nobody asked the server to stop",
        { Outcome: "scheduled", IsLost: false, Waiting: not "backoff" } => $"was put off ({attempt.Waiting}) for no reason that is known outside",
        { Outcome: "scheduled" or "failed", IsLost: false } when !Failed(dossier, attempt) => $"is recorded as failed ({attempt.Error}), but nothing outside failed",
        _ => null,
    };

    private static bool Failed(Dossier dossier, StoredAttempt attempt) =>
        dossier.Effects.Any(effect => effect.Status >= 400 && Within(dossier, effect.StartedAt, attempt))
        || (attempt.Error == "timeout" && dossier.Fate.HasFlag(Fate.TimesOut))
        || dossier.WasDisturbed(DisturbanceKind.Pause, attempt.StartedAt, attempt.EndedAt);

    private static bool Within(Dossier dossier, DateTimeOffset moment, StoredAttempt attempt) =>
        moment >= attempt.StartedAt - dossier.Tolerance && moment <= attempt.EndedAt + dossier.Tolerance;
}
