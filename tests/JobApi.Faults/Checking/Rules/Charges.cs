namespace JobApi.Faults.Checking.Rules;

/// <summary>Budgets are charged for failures and deaths since a person last asked, and for nothing else: not for being handed back.</summary>
internal static class Charges
{
    public static IEnumerable<Violation> Check(Dossier dossier)
    {
        // A job that was canceled while it waited and then retried keeps no record of when; its counters begin anew at an unknown place.
        if (dossier.Job is not { } job || dossier.Acts.Any(act => act is { Kind: ActKind.Retry, Answer: not Answer.Refused }))
        {
            yield break;
        }

        var deaths = job.Attempts.Count(attempt => attempt.IsLost);
        var failures = job.Attempts.Count(attempt => attempt is { IsLost: false, Outcome: "failed" } or { IsLost: false, Outcome: "scheduled", Waiting: "backoff" });

        if (job.Crashes != deaths)
        {
            yield return dossier.Breaks(ViolationKind.Charge, $"{job.Crashes} crashes are charged, but {deaths} attempts were lost.");
        }

        if (job.State != "canceled" && job.Failures != failures)
        {
            yield return dossier.Breaks(ViolationKind.Charge, $"{job.Failures} failures are charged, but {failures} attempts failed.");
        }
    }
}
