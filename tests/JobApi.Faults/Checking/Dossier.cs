namespace JobApi.Faults.Checking;

/// <summary>All that is known about one submission: its requests, its jobs, what its handler did and what people did.</summary>
internal sealed record Dossier
{
    /// <summary>What was submitted; null for a job that nobody submitted.</summary>
    public required Submission? Submission { get; init; }

    /// <summary>The jobs that carry its token: one, or there is something to report.</summary>
    public required IReadOnlyList<StoredJob> Jobs { get; init; }

    /// <summary>Calls of the sink, in order.</summary>
    public required IReadOnlyList<Effect> Effects { get; init; }

    /// <summary>What people did, in order.</summary>
    public required IReadOnlyList<PersonalAct> Acts { get; init; }

    /// <summary>Looks at it, in order.</summary>
    public required IReadOnlyList<Sighting> Sightings { get; init; }

    /// <summary>What was done to the server, in order. The same for all.</summary>
    public required IReadOnlyList<Disturbance> Disturbances { get; init; }

    /// <summary>See <see cref="History.Tolerance"/>.</summary>
    public required TimeSpan Tolerance { get; init; }

    /// <summary>The job, when there is exactly one.</summary>
    public StoredJob? Job => Jobs is [var job] ? job : null;

    /// <summary>The ids that answers to it named.</summary>
    public IEnumerable<Guid> AcceptedIds =>
        (Submission?.Requests ?? []).Where(request => request is { Answer: Answer.Ok, JobId: not null }).Select(request => request.JobId!.Value).Distinct();

    /// <summary>How it may end because of what it is.</summary>
    public Fate Fate => Submission?.Fate ?? Fate.None;

    /// <summary>Whether a person may have retried it in this span: an unknown answer counts.</summary>
    public bool MayBeRetried(DateTimeOffset from, DateTimeOffset to) =>
        Acts.Any(act => act is { Kind: ActKind.Retry, Answer: not Answer.Refused } && act.AnsweredAt >= from - Tolerance && act.SentAt <= to + Tolerance);

    /// <summary>Whether something of this kind was done to the server within a span.</summary>
    public bool WasDisturbed(DisturbanceKind kind, DateTimeOffset from, DateTimeOffset to) =>
        Disturbances.Any(what => what.Kind == kind && what.From <= to + Tolerance && what.To >= from - Tolerance);

    /// <summary>A violation about this submission.</summary>
    public Violation Breaks(ViolationKind kind, string message) =>
        new(kind, Submission?.Token ?? Jobs.Select(job => job.Token).FirstOrDefault(), Job?.Id ?? AcceptedIds.Cast<Guid?>().FirstOrDefault(), message);

    /// <summary>One dossier for each submission, and one for each job that nobody submitted.</summary>
    public static IEnumerable<Dossier> Of(History history)
    {
        var jobs = history.Stored.ToLookup(job => job.Token);
        var effects = history.Effects.OrderBy(effect => effect.StartedAt).ToLookup(effect => effect.Token);
        var acts = history.Acts.OrderBy(act => act.SentAt).ToLookup(act => act.JobId);
        var sightings = history.Sightings.OrderBy(sighting => sighting.SentAt).ToLookup(sighting => sighting.JobId);
        var known = history.Submissions.Select(submission => submission.Token).ToHashSet();

        foreach (var submission in history.Submissions)
        {
            yield return Collect(submission, [.. jobs[submission.Token]], [.. effects[submission.Token]]);
        }

        foreach (var stranger in history.Stored.Where(job => job.Token is null || !known.Contains(job.Token)))
        {
            yield return Collect(null, [stranger], []);
        }

        Dossier Collect(Submission? submission, IReadOnlyList<StoredJob> own, IReadOnlyList<Effect> calls)
        {
            var ids = own.Select(job => job.Id)
                .Concat((submission?.Requests ?? []).Select(request => request.JobId).OfType<Guid>()).Distinct().ToList();

            return new Dossier
            {
                Submission = submission,
                Jobs = own,
                Effects = calls,
                Acts = [.. ids.SelectMany(id => acts[id])],
                Sightings = [.. ids.SelectMany(id => sightings[id])],
                Disturbances = history.Disturbances,
                Tolerance = history.Tolerance,
            };
        }
    }
}
