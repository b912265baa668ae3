namespace JobApi.Faults.Checking.Rules;

/// <summary>What was accepted is there, whenever one looks, and comes to an end.</summary>
internal static class Existence
{
    public static IEnumerable<Violation> Check(Dossier dossier)
    {
        foreach (var id in dossier.AcceptedIds.Where(id => dossier.Jobs.All(job => job.Id != id)))
        {
            yield return dossier.Breaks(ViolationKind.Lost, $"Job {id} was accepted and is not in the store.");
        }

        foreach (var look in dossier.Sightings.Where(look => look.Status is 404 or 410))
        {
            yield return dossier.Breaks(ViolationKind.Lost, $"Job {look.JobId} was accepted, and at {look.SentAt:O} a look at it was answered with {look.Status}.");
        }

        foreach (var job in dossier.Jobs.Where(job => !job.Done))
        {
            yield return dossier.Breaks(ViolationKind.Unfinished, $"Job {job.Id} is still {job.State}.");
        }
    }
}
