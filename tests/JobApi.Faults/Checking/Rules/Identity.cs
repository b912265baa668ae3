namespace JobApi.Faults.Checking.Rules;

/// <summary>One submission, at most one job: under one key always the same, and none that was refused or that nobody asked for.</summary>
internal static class Identity
{
    public static IEnumerable<Violation> Check(Dossier dossier)
    {
        if (dossier.Submission is not { } submission)
        {
            yield return dossier.Breaks(ViolationKind.Unexpected, $"Job {dossier.Jobs[0].Id} is in the store and nobody submitted it.");
            yield break;
        }

        if (dossier.Jobs.Count > 1)
        {
            yield return dossier.Breaks(ViolationKind.Doubled, $"One submission is stored as {dossier.Jobs.Count} jobs: {string.Join(", ", dossier.Jobs.Select(job => job.Id))}.");
        }

        if (dossier.AcceptedIds.ToList() is { Count: > 1 } ids)
        {
            yield return dossier.Breaks(ViolationKind.Doubled, $"Answers under one key name {ids.Count} jobs: {string.Join(", ", ids)}.");
        }

        if (dossier.Jobs.Count > 0 && submission.Requests.Count > 0 && submission.Requests.All(request => request.Answer == Answer.Refused))
        {
            yield return dossier.Breaks(ViolationKind.Unexpected, $"Every request was refused ({submission.Requests[^1].Detail}), yet the job is in the store.");
        }
    }
}
