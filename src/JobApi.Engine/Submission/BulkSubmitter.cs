using JobApi.Engine.Execution;
using JobApi.Engine.Files;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Engine.Submission;

/// <summary>
/// Takes many jobs in with one commit. A job that is refused never fails its neighbours, unless the caller wants all or none.
/// Under an idempotency key the jobs that nothing is wrong with are stored together, so the key comes back with all of them or was never used.
/// </summary>
public sealed class BulkSubmitter
{
    private readonly DraftChecks _checks;
    private readonly FileHolds _files;
    private readonly Intake _intake;
    private readonly TimeProvider _time;

    internal BulkSubmitter(DraftChecks checks, FileHolds files, Intake intake, TimeProvider time) =>
        (_checks, _files, _intake, _time) = (checks, files, intake, time);

    /// <summary>Submits jobs together.</summary>
    /// <param name="bulk">The jobs as their caller words them.</param>
    /// <param name="cancellationToken">Gives up before the jobs are stored. Once storing has begun it is finished.</param>
    public async ValueTask<BulkResult> SubmitAsync(BulkDraft bulk, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bulk);

        var closed = _intake.Closed;

        if (closed is not null && bulk.IdempotencyKey is null)
        {
            return new BulkResult.NotAccepted(closed.Why, closed.RetryAfter);
        }

        using var hold = _files.Open();
        var now = _time.GetUtcNow();
        var answers = new SubmitResult?[bulk.Drafts.Count];
        var specs = new List<JobSpec>(answers.Length);
        var uniqueKeys = new HashSet<string>(StringComparer.Ordinal);

        var place = 0;

        // Not kept: a thousand drafts that wait for their turn to be stored are what the garbage collector would have to move.
        foreach (var draft in bulk.Drafts)
        {
            if (draft is not null)
            {
                var look = await _checks.CheckAsync(draft, hold, cancellationToken);
                answers[place] = look.Refusal ?? RefuseTwoKeys(bulk, draft) ?? RefuseTwins(bulk, draft, uniqueKeys);

                if (answers[place] is null)
                {
                    specs.Add(JobSpecs.From(draft, look.Type!, look.Files, now, PlacedId.Create(now, place)));
                }
            }

            place++;
        }

        var isRefused = bulk.IsAtomic && specs.Count < answers.Length;

        // Whatever is wrong with it now: what was stored under its key is the answer.
        if ((closed is not null || isRefused || specs.Count == 0) && await _intake.EarlierAsync(bulk.IdempotencyKey, bulk.Fingerprint, now) is { } earlier)
        {
            return Repeat(earlier, specs, answers);
        }

        return closed is not null ? new BulkResult.NotAccepted(closed.Why, closed.RetryAfter)
            : isRefused ? new BulkResult.Refused(answers)
            : specs.Count == 0 ? new BulkResult.Answered(answers)
            : bulk.IsAtomic || bulk.IdempotencyKey is not null ? await StoreTogetherAsync(bulk, specs, answers, now)
            : await StoreEachAsync(specs, answers, now);
    }

    private async ValueTask<BulkResult> StoreEachAsync(List<JobSpec> specs, SubmitResult?[] answers, DateTimeOffset now)
    {
        var outcomes = await _intake.StoreAsync(specs.ConvertAll(spec => new Storage.Submission([spec])), _intake.Offer(specs, now), now);
        SubmitResult? full = null;

        for (var index = 0; index < specs.Count; index++)
        {
            answers[PlacedId.PlaceOf(specs[index].Id)] = outcomes[index] switch
            {
                InsertOutcome.Inserted { Existing: [var existing] } => new SubmitResult.Existing(existing),
                InsertOutcome.Inserted inserted => new SubmitResult.Accepted(inserted.Jobs[0]),
                InsertOutcome.UniqueKeyHeld held => new SubmitResult.UniqueKeyHeld(held.Holders[0]),
                var noRoom => full ??= _intake.NoRoom(noRoom),
            };
        }

        return new BulkResult.Answered(answers);
    }

    private async ValueTask<BulkResult> StoreTogetherAsync(BulkDraft bulk, List<JobSpec> specs, SubmitResult?[] answers, DateTimeOffset now)
    {
        var key = Intake.Key(bulk.IdempotencyKey, bulk.Fingerprint, now);
        var outcomes = await _intake.StoreAsync([new Storage.Submission(specs, key)], _intake.Offer(specs, now), now);

        switch (outcomes[0])
        {
            case InsertOutcome.Inserted inserted:
                Place(inserted.Jobs, answers, job => new SubmitResult.Accepted(job));
                PlaceHolders([.. inserted.Jobs, .. inserted.Existing], specs, answers, job => new SubmitResult.Existing(job));
                return new BulkResult.Answered(answers);
            case InsertOutcome.UniqueKeyHeld held:
                PlaceHolders(held.Holders, specs, answers, job => new SubmitResult.UniqueKeyHeld(job), UniqueConflict.Reject);
                return new BulkResult.Refused(answers);
            case InsertOutcome.Replayed or InsertOutcome.KeyReused or InsertOutcome.Gone:
                return Repeat(outcomes[0], specs, answers);
            default:
                var full = _intake.NoRoom(outcomes[0]);
                return new BulkResult.NotAccepted(full.Why, full.RetryAfter);
        }
    }

    /// <summary>The answer to a bulk whose key was used before.</summary>
    private static BulkResult Repeat(InsertOutcome earlier, List<JobSpec> specs, SubmitResult?[] answers)
    {
        if (earlier is not InsertOutcome.Replayed replayed)
        {
            return earlier is InsertOutcome.Gone ? new BulkResult.Gone() : new BulkResult.KeyReused();
        }

        // A place that held a job then and holds none now: its job has been deleted.
        specs.ForEach(spec => answers[PlacedId.PlaceOf(spec.Id)] = new SubmitResult.Gone());
        Place(replayed.Jobs, answers, job => new SubmitResult.Replayed(job));

        return new BulkResult.Answered(answers) { IsReplay = true };
    }

    /// <summary>A place whose job holds a unique key could not be told from one that was deleted when the bulk is repeated, so each bulk has the one or the other.</summary>
    private static SubmitResult.Invalid? RefuseTwoKeys(BulkDraft bulk, JobDraft draft) => bulk.IdempotencyKey is null || draft.Unique is null ? null
        : new SubmitResult.Invalid([new PayloadError("/unique", "A bulk has an Idempotency-Key, or jobs with unique keys, not both.")]);

    /// <summary>What is stored together cannot wait for each other: a job that insists on its key must not find it in its own bulk.</summary>
    private static SubmitResult.Invalid? RefuseTwins(BulkDraft bulk, JobDraft draft, HashSet<string> keys) =>
        bulk.IsAtomic && draft.Unique is { } unique && !keys.Add(unique.Key) && unique.OnConflict == UniqueConflict.Reject
            ? new SubmitResult.Invalid([new PayloadError("/unique/key", "Another job of this bulk has this key.")])
            : null;

    /// <summary>Answers the places that are still open with the jobs that hold their keys.</summary>
    private static void PlaceHolders(
        IReadOnlyList<Job> holders, List<JobSpec> specs, SubmitResult?[] answers, Func<Job, SubmitResult> answer, UniqueConflict? only = null)
    {
        foreach (var spec in specs)
        {
            if (spec.Unique is { } unique && (only ?? unique.OnConflict) == unique.OnConflict)
            {
                answers[PlacedId.PlaceOf(spec.Id)] ??= holders.FirstOrDefault(job => job.Spec.Unique?.Key == unique.Key) is { } holder ? answer(holder) : null;
            }
        }
    }

    private static void Place(IReadOnlyList<Job> jobs, SubmitResult?[] answers, Func<Job, SubmitResult> answer)
    {
        foreach (var job in jobs)
        {
            answers[PlacedId.PlaceOf(job.Id)] = answer(job);
        }
    }
}
