using System.Diagnostics;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Sqlite.Database;
using JobApi.Sqlite.Tables;
using JobApi.Sqlite.Writing;

namespace JobApi.Sqlite;

public sealed partial class SqliteJobStore
{
    /// <inheritdoc />
    public ValueTask<IReadOnlyList<InsertOutcome>> InsertAsync(InsertRequest request, CancellationToken cancellationToken) =>
        HasKeys(request.Submissions) ? InsertOrRepeatAsync(request, cancellationToken) : InsertAsync(request, repeated: null, cancellationToken);

    private static bool HasKeys(IReadOnlyList<Submission> submissions)
    {
        for (var index = 0; index < submissions.Count; index++)
        {
            if (submissions[index].Key is not null)
            {
                return true;
            }
        }

        return false;
    }

    private ValueTask<IReadOnlyList<InsertOutcome>> InsertAsync(InsertRequest request, long?[]? repeated, CancellationToken cancellationToken) =>
        _writer.RunAsync<IReadOnlyList<InsertOutcome>>(
            () => Insert(request, repeated),
            request.Jobs.Count,
            cancellationToken,
            whenFull: () => [.. request.Submissions.Select((submission, index) => Earlier(submission, index, repeated) ?? new InsertOutcome.DiskFull())],
            Urgency.Intake,
            QueueOfOneKind(request) is { } queue ? before => IsBetterLater(request, queue, before) : null);

    /// <summary>
    /// The jobs of a repeated submission may be a thousand with large results. They are read when the writer has found that it is one, on a connection of their own: everybody else's writes wait for the writer's.
    /// </summary>
    private async ValueTask<IReadOnlyList<InsertOutcome>> InsertOrRepeatAsync(InsertRequest request, CancellationToken cancellationToken)
    {
        var repeated = new long?[request.Submissions.Count];
        var outcomes = await InsertAsync(request, repeated, cancellationToken);

        return Array.TrueForAll(repeated, key => key is null)
            ? outcomes
            : await _readers.ReadAsync<IReadOnlyList<InsertOutcome>>(
                db => [.. outcomes.Select((outcome, index) => repeated[index] is { } key ? Replayed(db, key) : outcome)], cancellationToken);
    }

    private static InsertOutcome Replayed(Db db, long key) =>
        JobReads.Load(db, KeyRows.Jobs(db, key)) is { Count: > 0 } left ? new InsertOutcome.Replayed(left) : new InsertOutcome.Gone();

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

        var waiting = _waiting.InOpenQueues;

        if (waiting == 0)
        {
            return before + jobs > hands.Free;
        }

        // Behind jobs that wait, hands are of use only when those are being claimed: otherwise they are declined.
        return waiting <= MaxTimesAhead * hands.Soon && IsDraining();
    }

    /// <summary>Whether the jobs that wait already are being claimed.</summary>
    private bool IsDraining() => _foundAll is { } then && Stopwatch.GetElapsedTime(then) < _patienceForHands;

    /// <param name="request">The submissions.</param>
    /// <param name="repeated">Gets the number of the key of each that is a repeated one, whose jobs are still to be read; absent where none has a key.</param>
    private InsertOutcome[] Insert(InsertRequest request, long?[]? repeated)
    {
        var newest = _counters[Counted.Sequence];
        var hands = IdleHands.For(request, _waiting);
        var outcomes = new InsertOutcome[request.Submissions.Count];

        for (var index = 0; index < outcomes.Length; index++)
        {
            var submission = request.Submissions[index];
            outcomes[index] = Earlier(submission, index, repeated) ?? Insert(submission, request.Now, hands);
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

    /// <summary>What became of an earlier submission under the same key, but for its jobs; null when there was none. It writes nothing, so a full disk does not stand in its way.</summary>
    private InsertOutcome? Earlier(Submission submission, int index, long?[]? repeated)
    {
        if (submission.Key is not { } key)
        {
            return null;
        }

        // A transaction that was undone is made again, and may find another answer.
        repeated![index] = null;

        if (_keys.Find(key.Value) is not { } used)
        {
            return null;
        }

        if (!key.Fingerprint.Span.SequenceEqual(used.Fingerprint))
        {
            return new InsertOutcome.KeyReused();
        }

        if (used.JobsLeft == 0)
        {
            return new InsertOutcome.Gone();
        }

        repeated[index] = used.Number;

        return new InsertOutcome.Replayed([]);
    }

    private static InsertOutcome WithClaims(InsertOutcome outcome, Dictionary<long, Job> claimed)
    {
        return outcome switch
        {
            InsertOutcome.Inserted inserted => new InsertOutcome.Inserted([.. inserted.Jobs.Select(Latest)]) { Existing = [.. inserted.Existing.Select(Latest)] },
            _ => outcome,
        };

        Job Latest(Job job) => claimed.GetValueOrDefault(job.Sequence, job);
    }
}
