namespace JobApi.Faults.Checking.Rules;

/// <summary>Attempts go up and the job knows its last one.</summary>
internal static class Numbering
{
    public static IEnumerable<Violation> Check(Dossier dossier)
    {
        foreach (var job in dossier.Jobs)
        {
            for (var index = 1; index < job.Attempts.Count; index++)
            {
                if (job.Attempts[index].Number <= job.Attempts[index - 1].Number)
                {
                    yield return dossier.Breaks(
                        ViolationKind.Numbering, $"Attempt {job.Attempts[index - 1].Number} is followed by attempt {job.Attempts[index].Number}.");
                }
            }

            if (job.Done && job.Attempts is [.., var last] && last.Number != job.Attempt)
            {
                yield return dossier.Breaks(ViolationKind.Numbering, $"The last ended attempt is {last.Number}, but the job says it had {job.Attempt}.");
            }
        }
    }
}
