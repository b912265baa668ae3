using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage.InMemory;

namespace JobApi.Engine.Storage;

public sealed partial class InMemoryJobStore
{
    /// <inheritdoc />
    public ValueTask<IReadOnlyList<InsertOutcome>> InsertAsync(InsertRequest request, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var newest = _lastSequence;
            var answers = new Answer[request.Submissions.Count];

            for (var index = 0; index < answers.Length; index++)
            {
                answers[index] = Insert(request.Submissions[index], request.Now);
            }

            // The new jobs queue up like all others, so whatever comes first and is older proves that somebody waits before them.
            if (request.Offer?.Take() is { } offer)
            {
                Claim(offer, newerThan: newest);
            }

            return new(Array.ConvertAll(answers, ToOutcome));
        }
    }

    private Answer Insert(Submission submission, DateTimeOffset now)
    {
        if (submission.Key is { } key && _keys.Find(key.Value) is { } used)
        {
            return Repeat(used, key);
        }

        if (_tally.Backlog + submission.Jobs.Count > _options.MaxBacklog
            || _tally.BacklogBytes + _keys.Bytes + BytesOf(submission) > _options.MaxBacklogBytes)
        {
            return new Answer(new InsertOutcome.Full());
        }

        if (Refuse(submission.Jobs) is { } refusal)
        {
            return new Answer(refusal);
        }

        var (fresh, existing) = Split(submission.Jobs);
        var newKey = submission.Key is null || fresh.Count == 0 ? null : _keys.Add(submission.Key, [.. fresh.Select(spec => spec.Id)]);
        var stored = new List<StoredJob>(fresh.Count);

        foreach (var spec in fresh)
        {
            stored.Add(Add(spec, newKey, now));
        }

        return new Answer(null, stored, existing);
    }

    /// <summary>Keys count as well: they outlive their jobs, and no bound on jobs holds them.</summary>
    private static long BytesOf(Submission submission) =>
        submission.Jobs.Sum(JobSize.Of) + (submission.Key is { } key ? JobSize.OfKey(key.Value) : 0);

    /// <summary>The jobs that will be stored, and those that stand for the others because they hold their keys.</summary>
    private (IReadOnlyList<JobSpec> Fresh, IReadOnlyList<StoredJob> Existing) Split(IReadOnlyList<JobSpec> specs)
    {
        if (specs.All(spec => spec.Unique is null))
        {
            return (specs, []);
        }

        var taken = new HashSet<string>(StringComparer.Ordinal);
        var fresh = specs.Where(spec => spec.Unique is not { } unique || (_unique.Holder(unique) is null && taken.Add(unique.Key))).ToList();
        var held = specs.Except(fresh).Select(spec => _unique.Holder(spec.Unique!)).OfType<StoredJob>().ToList();

        return (fresh, held);
    }

    /// <summary>The holders of keys that jobs of the submission insist on.</summary>
    private InsertOutcome.UniqueKeyHeld? Refuse(IReadOnlyList<JobSpec> specs)
    {
        List<Job>? holders = null;

        foreach (var spec in specs)
        {
            if (spec.Unique is { OnConflict: UniqueConflict.Reject } unique && _unique.Holder(unique) is { } holder)
            {
                (holders ??= []).Add(holder.Job);
            }
        }

        return holders is null ? null : new InsertOutcome.UniqueKeyHeld(holders);
    }

    private StoredJob Add(JobSpec spec, UsedKey? key, DateTimeOffset now)
    {
        var stored = new StoredJob(Job.Submitted(spec, now, ++_lastSequence), key);
        _jobs.Add(spec.Id, stored);
        _arrivals.Add(stored);
        Reindex(stored, null, stored.Job);

        return stored;
    }

    private Answer Repeat(UsedKey used, IdempotencyKey key)
    {
        if (!used.Key.Fingerprint.Span.SequenceEqual(key.Fingerprint.Span))
        {
            return new Answer(new InsertOutcome.KeyReused());
        }

        return used.Left == 0
            ? new Answer(new InsertOutcome.Gone())
            : new Answer(null, [.. used.Jobs.Where(_jobs.ContainsKey).Select(id => _jobs[id])], IsReplay: true);
    }

    private static InsertOutcome ToOutcome(Answer answer)
    {
        if (answer.Refusal is { } refusal)
        {
            return refusal;
        }

        Job[] jobs = [.. (answer.Jobs ?? []).Select(stored => stored.Job)];

        return answer.IsReplay ? new InsertOutcome.Replayed(jobs)
            : new InsertOutcome.Inserted(jobs) { Existing = [.. (answer.Existing ?? []).Select(stored => stored.Job)] };
    }

    /// <summary>An outcome in the making: its jobs may still be claimed before the call returns.</summary>
    private readonly record struct Answer(InsertOutcome? Refusal, IReadOnlyList<StoredJob>? Jobs = null, IReadOnlyList<StoredJob>? Existing = null, bool IsReplay = false);
}
