using System.Diagnostics;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Sqlite.Tables;
using JobApi.Sqlite.Writing;

namespace JobApi.Sqlite;

public sealed partial class SqliteJobStore
{
    /// <inheritdoc />
    public ValueTask<IReadOnlyList<InsertOutcome>> InsertAsync(InsertRequest request, CancellationToken cancellationToken) =>
        _writer.RunAsync<IReadOnlyList<InsertOutcome>>(
            () => Insert(request),
            request.Jobs.Count,
            cancellationToken,
            whenFull: () => [.. request.Submissions.Select(_ => new InsertOutcome.Full())],
            Urgency.Intake,
            QueueOfOneKind(request) is { } queue ? before => IsBetterLater(request, queue, before) : null);

    /// <summary>
    /// The queue of several jobs if hands for all of them would mean that all are stored already claimed, however long they wait; null otherwise. A single one waits for nothing: it costs little more.
    /// </summary>
    private static string? QueueOfOneKind(InsertRequest request) =>
        request is { Offer: not null, Jobs: [{ Queue: var queue }, _, ..] }
        && request.Jobs.All(job => job.Queue == queue && job.RunAt <= request.Now && job is { ConcurrencyKey: null, ExpiresAt: null, Unique: null })
            ? queue
            : null;

    /// <summary>
    /// Behind how many times as many waiting jobs as there are hands ahead new ones still wait. What is ahead ends within a tenth of a second at the most, so this is what is done within two: a
    /// burst, and no heap of work that somebody wants to leave here and go. Behind more than four times the hands their patience is over first, and what they wait for is that the others become fewer.
    /// </summary>
    private const int MaxTimesAhead = 20;

    /// <summary>
    /// Whether new jobs find hands in a moment that they do not find now, or those behind them will, because fewer wait then. A job that is stored already claimed is written twice until it has ended; one that waits for its claim
    /// three times, and goes in and out of three more indexes, and so do all that come behind it: a stream that is a little too fast would make itself slower.
    /// </summary>
    private bool IsBetterLater(InsertRequest request, string queue, int before)
    {
        var jobs = request.Jobs.Count;
        var hands = request.Offer!.Outlook(before + jobs, _writer.LookAgain);

        if (jobs > hands.Soon || _counters.Backlog + jobs > _options.MaxBacklog || _waiting.IsRestricted(queue))
        {
            return false;
        }

        // Behind jobs that wait, hands are of use only when those are being claimed: otherwise they are declined.
        return _waiting.InOpenQueues is var waiting && waiting == 0 ? before + jobs > hands.Free : waiting <= MaxTimesAhead * hands.Soon && IsDraining();
    }

    /// <summary>Whether the jobs that wait already are being claimed.</summary>
    private bool IsDraining() => _foundAll is { } then && Stopwatch.GetElapsedTime(then) < _patienceForHands;

    private InsertOutcome[] Insert(InsertRequest request)
    {
        var newest = _counters[Counted.Sequence];
        var hands = IdleHands.For(request, _waiting);
        var outcomes = new InsertOutcome[request.Submissions.Count];

        for (var index = 0; index < outcomes.Length; index++)
        {
            outcomes[index] = Insert(request.Submissions[index], request.Now, hands);
        }

        if (hands is not null || request.Offer?.Take() is not { } offer)
        {
            return outcomes;
        }

        // The new jobs queue up like all others, so whatever comes first and is older proves that somebody waits before them.
        if (Claim(offer, newerThan: newest) is { Count: > 0 } claimed)
        {
            var bySequence = claimed.ToDictionary(job => job.Sequence);
            return Array.ConvertAll(outcomes, outcome => WithClaims(outcome, bySequence));
        }

        // Whoever waits needs the hands, and need not wait for them until this is on the disk.
        request.Offer.Decline();
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

        if (Refuse(submission.Jobs) is { } refusal)
        {
            return refusal;
        }

        var (fresh, existing) = Split(submission.Jobs);
        long? number = submission.Key is null || fresh.Count == 0 ? null : _keys.Add(submission.Key, fresh.Count, _counters[Counted.Sequence]);
        var jobs = new Job[fresh.Count];

        for (var place = 0; place < jobs.Length; place++)
        {
            var (spec, sequence) = (fresh[place], _counters.NextSequence());
            jobs[place] = _jobs.Add(hands?.TryTake(spec, now, sequence) ?? Job.Submitted(spec, now, sequence), number);
        }

        return new InsertOutcome.Inserted(jobs) { Existing = existing };
    }

    /// <summary>The holders of keys that jobs of the submission insist on.</summary>
    private InsertOutcome.UniqueKeyHeld? Refuse(IReadOnlyList<JobSpec> specs)
    {
        List<Job>? holders = null;

        foreach (var spec in specs)
        {
            if (spec.Unique is { OnConflict: UniqueConflict.Reject } unique && JobReads.Holder(_db, unique) is { } holder)
            {
                (holders ??= []).Add(holder);
            }
        }

        return holders is null ? null : new InsertOutcome.UniqueKeyHeld(holders);
    }

    /// <summary>The jobs that will be stored, and those that stand for the others because they hold their keys.</summary>
    private (IReadOnlyList<JobSpec> Fresh, IReadOnlyList<Job> Existing) Split(IReadOnlyList<JobSpec> specs)
    {
        if (specs.All(spec => spec.Unique is null))
        {
            return (specs, []);
        }

        var (fresh, existing, taken) = (new List<JobSpec>(), new List<Job>(), new HashSet<string>(StringComparer.Ordinal));

        foreach (var spec in specs)
        {
            if (spec.Unique is { } unique && JobReads.Holder(_db, unique) is { } holder)
            {
                existing.Add(holder);
            }
            else if (spec.Unique is null || taken.Add(spec.Unique.Key))
            {
                fresh.Add(spec);
            }
        }

        return (fresh, existing);
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
            InsertOutcome.Inserted inserted => new InsertOutcome.Inserted([.. inserted.Jobs.Select(Latest)]) { Existing = [.. inserted.Existing.Select(Latest)] },
            InsertOutcome.Replayed replayed => new InsertOutcome.Replayed([.. replayed.Jobs.Select(Latest)]),
            _ => outcome,
        };

        Job Latest(Job job) => claimed.GetValueOrDefault(job.Sequence, job);
    }
}
