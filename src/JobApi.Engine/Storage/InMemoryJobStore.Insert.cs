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
            if (request.Offer is { } offer)
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
            || _tally.BacklogBytes + submission.Jobs.Sum(spec => (long)spec.Payload.Length) > _options.MaxBacklogBytes)
        {
            return new Answer(new InsertOutcome.Full());
        }

        var newKey = submission.Key is null ? null : _keys.Add(submission.Key, [.. submission.Jobs.Select(spec => spec.Id)]);
        var stored = new StoredJob[submission.Jobs.Count];

        for (var index = 0; index < stored.Length; index++)
        {
            stored[index] = Add(submission.Jobs[index], newKey, now);
        }

        return new Answer(null, stored);
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

        var jobs = Array.ConvertAll(answer.Jobs ?? [], stored => stored.Job);

        return answer.IsReplay ? new InsertOutcome.Replayed(jobs) : new InsertOutcome.Inserted(jobs);
    }

    /// <summary>An outcome in the making: its jobs may still be claimed before the call returns.</summary>
    private readonly record struct Answer(InsertOutcome? Refusal, StoredJob[]? Jobs = null, bool IsReplay = false);
}
