using JobApi.Engine.Files;
using JobApi.Engine.Storage;

namespace JobApi.Engine.Submission;

/// <summary>
/// Takes a job in: known type, valid payload, existing files, then stored as durably as the store promises, and only then
/// accepted. A job that finds an idle worker is stored already claimed and starts without a further look at the store.
/// </summary>
public sealed class JobSubmitter
{
    private readonly DraftChecks _checks;
    private readonly FileHolds _files;
    private readonly Intake _intake;
    private readonly TimeProvider _time;

    internal JobSubmitter(DraftChecks checks, FileHolds files, Intake intake, TimeProvider time) =>
        (_checks, _files, _intake, _time) = (checks, files, intake, time);

    /// <summary>Submits one job.</summary>
    /// <param name="draft">The job as its caller words it.</param>
    /// <param name="cancellationToken">Gives up before the job is stored. Once storing has begun it is finished.</param>
    public async ValueTask<SubmitResult> SubmitAsync(JobDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);

        // Until the job is stored, and the store knows which files it owns.
        using var hold = _files.Open();
        var look = await _checks.CheckAsync(draft, hold, cancellationToken);

        if ((look.Refusal as SubmitResult.UnknownType ?? _intake.Closed ?? look.Refusal) is { } refusal)
        {
            return await _intake.EarlierAsync(draft.IdempotencyKey, draft.Fingerprint, _time.GetUtcNow()) is { } earlier ? Repeat(earlier) : refusal;
        }

        var now = _time.GetUtcNow();
        var spec = JobSpecs.From(draft, look.Type!, look.Files, now);
        var key = Intake.Key(draft.IdempotencyKey, draft.Fingerprint, now);
        var outcomes = await _intake.StoreAsync([new Storage.Submission([spec], key)], _intake.Offer([spec], now), now);

        return outcomes[0] switch
        {
            InsertOutcome.Inserted { Existing: [var existing] } => new SubmitResult.Existing(existing),
            InsertOutcome.Inserted inserted => new SubmitResult.Accepted(inserted.Jobs[0]),
            InsertOutcome.UniqueKeyHeld held => new SubmitResult.UniqueKeyHeld(held.Holders[0]),
            InsertOutcome.Full or InsertOutcome.DiskFull => _intake.NoRoom(outcomes[0]),
            var earlier => Repeat(earlier),
        };
    }

    /// <summary>The answer to a submission whose key was used before.</summary>
    private static SubmitResult Repeat(InsertOutcome earlier) => earlier switch
    {
        InsertOutcome.Replayed replayed => new SubmitResult.Replayed(replayed.Jobs[0]),
        InsertOutcome.Gone => new SubmitResult.Gone(),
        _ => new SubmitResult.KeyReused(),
    };
}
