namespace JobApi.Faults.Checking;

/// <summary>All that is known about a job, told in order of time: what somebody needs who has to explain a violation.</summary>
internal static class JobStory
{
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(1);

    public static string Tell(History history, Violation violation)
    {
        var dossier = Dossier.Of(history).FirstOrDefault(one =>
            (violation.Token is not null && (one.Submission?.Token ?? one.Job?.Token) == violation.Token) || (one.Job is { } job && job.Id == violation.JobId));
        var lines = (dossier is null ? [] : WithDisturbances(dossier, [.. Events(dossier)])).OrderBy(line => line.At).Select(line => $"    {line.At:HH:mm:ss.fff}  {line.What}");

        return string.Join(Environment.NewLine, [$"{violation.Kind}: {violation.Message}", $"  submission {violation.Token}, job {violation.JobId}", .. lines]);
    }

    private static IEnumerable<(DateTimeOffset At, string What)> Events(Dossier dossier)
    {
        foreach (var request in dossier.Submission?.Requests ?? [])
        {
            yield return (request.SentAt, $"submitted (key {dossier.Submission!.Key ?? "none"}): {request.Answer}, {request.Detail}");
        }

        foreach (var effect in dossier.Effects)
        {
            yield return (effect.StartedAt, $"call {effect.Number}: {effect.Status}, {(effect.AnsweredAt is { } at ? $"answered at {at:HH:mm:ss.fff}" : "never answered")}");
        }

        foreach (var act in dossier.Acts)
        {
            yield return (act.SentAt, $"{act.Kind} by a person: {act.Answer}");
        }

        foreach (var look in dossier.Sightings)
        {
            yield return (look.SentAt, $"looked at: {look.Status} {look.State}, attempt {look.Attempt}");
        }

        foreach (var attempt in dossier.Jobs.SelectMany(job => job.Attempts))
        {
            yield return (attempt.StartedAt, $"attempt {attempt.Number} until {attempt.EndedAt:HH:mm:ss.fff}: {attempt.Outcome} {attempt.Waiting} {attempt.Error}");
        }

        foreach (var job in dossier.Jobs)
        {
            yield return (job.FinishedAt ?? DateTimeOffset.MaxValue, $"{job.State}, attempt {job.Attempt}, {job.Failures} failures, {job.Crashes} crashes, result {job.ResultOf}");
        }
    }

    /// <summary>What was done to the server from shortly before the first event to the last.</summary>
    private static IEnumerable<(DateTimeOffset At, string What)> WithDisturbances(Dossier dossier, IReadOnlyList<(DateTimeOffset At, string What)> events) =>
        events.Concat(
            from disturbance in dossier.Disturbances
            where disturbance.To + Before >= events.Min(line => line.At) && disturbance.From <= events.Max(line => line.At)
            select (disturbance.From, $"{disturbance.Kind} of the server until {disturbance.To:HH:mm:ss.fff}"));
}
