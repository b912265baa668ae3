using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Sqlite.Tables;

namespace JobApi.Sqlite;

public sealed partial class SqliteJobStore
{
    /// <inheritdoc />
    public ValueTask<IReadOnlyList<InsertOutcome>> InsertAsync(InsertRequest request, CancellationToken cancellationToken) => _writer.RunAsync<IReadOnlyList<InsertOutcome>>(
        () => Insert(request),
        request.Submissions.Sum(submission => submission.Jobs.Count),
        cancellationToken,
        whenFull: () => [.. request.Submissions.Select(_ => new InsertOutcome.Full())]);

    private InsertOutcome[] Insert(InsertRequest request)
    {
        var newest = _counters[Counted.Sequence];
        var hands = IdleHands.For(request, _counters.Queued);
        var outcomes = new InsertOutcome[request.Submissions.Count];

        for (var index = 0; index < outcomes.Length; index++)
        {
            outcomes[index] = Insert(request.Submissions[index], request.Now, hands);
        }

        // The new jobs queue up like all others, so whatever comes first and is older proves that somebody waits before them.
        if (hands is null && request.Offer is { } offer && Claim(offer, newerThan: newest) is { Count: > 0 } claimed)
        {
            var bySequence = claimed.ToDictionary(job => job.Sequence);
            return Array.ConvertAll(outcomes, outcome => WithClaims(outcome, bySequence));
        }

        return outcomes;
    }

    /// <summary>Everything that can be refused is refused before the first row is written, so that it leaves no trace.</summary>
    private InsertOutcome Insert(Submission submission, DateTimeOffset now, IdleHands? hands)
    {
        if (submission.Key is { } key && _keys.Find(key.Value) is { } used)
        {
            return Repeat(used, key);
        }

        if (_counters.Backlog + submission.Jobs.Count > _options.MaxBacklog)
        {
            return new InsertOutcome.Full();
        }

        long? number = submission.Key is null ? null : _keys.Add(submission.Key, submission.Jobs.Count);

        return new InsertOutcome.Inserted([.. submission.Jobs.Select(spec => _jobs.Add(Take(Job.Submitted(spec, now)), number))]);

        Job Take(Job job) => hands?.TryTake(job) ?? job;
    }

    private InsertOutcome Repeat(UsedKey used, IdempotencyKey key)
    {
        if (!key.Fingerprint.Span.SequenceEqual(used.Fingerprint))
        {
            return new InsertOutcome.KeyReused();
        }

        return used.JobsLeft == 0 ? new InsertOutcome.Gone() : new InsertOutcome.Replayed(JobReads.Load(_db, _keys.Jobs(used.Number)));
    }

    private static InsertOutcome WithClaims(InsertOutcome outcome, Dictionary<long, Job> claimed)
    {
        return outcome switch
        {
            InsertOutcome.Inserted inserted => new InsertOutcome.Inserted([.. inserted.Jobs.Select(Latest)]),
            InsertOutcome.Replayed replayed => new InsertOutcome.Replayed([.. replayed.Jobs.Select(Latest)]),
            _ => outcome,
        };

        Job Latest(Job job) => claimed.GetValueOrDefault(job.Sequence, job);
    }
}
