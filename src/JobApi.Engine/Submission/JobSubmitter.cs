using JobApi.Engine.Diagnostics;
using JobApi.Engine.Dispatch;
using JobApi.Engine.Events;
using JobApi.Engine.Execution;
using JobApi.Engine.Files;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Engine.Submission;

/// <summary>
/// Takes a job in: known type, valid payload, existing files, then stored as durably as the store promises, and only then
/// accepted. A job that finds an idle worker is stored already claimed and starts without a further look at the store.
/// </summary>
public sealed class JobSubmitter
{
    /// <summary>How long an idempotency key is kept at least.</summary>
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(24);

    private readonly IJobQueue _store;
    private readonly HandlerRegistry _handlers;
    private readonly IFileStore _files;
    private readonly Claims _claims;
    private readonly Dispatcher _dispatcher;
    private readonly JobEvents _events;
    private readonly JobMetrics _metrics;
    private readonly EngineHealth _health;
    private readonly DiskSpace _disks;
    private readonly TimeProvider _time;

    internal JobSubmitter(
        IJobQueue store, HandlerRegistry handlers, IFileStore files, Claims claims, Dispatcher dispatcher,
        JobEvents events, JobMetrics metrics, EngineHealth health, DiskSpace disks, TimeProvider time)
    {
        (_store, _handlers, _files, _claims, _dispatcher) = (store, handlers, files, claims, dispatcher);
        (_events, _metrics, _health, _disks, _time) = (events, metrics, health, disks, time);
    }

    /// <summary>Submits one job.</summary>
    /// <param name="draft">The job as its caller words it.</param>
    /// <param name="cancellationToken">Gives up before the job is stored. Once storing has begun it is finished.</param>
    public async ValueTask<SubmitResult> SubmitAsync(JobDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);

        if (_handlers.Find(draft.Type) is not { } type)
        {
            return new SubmitResult.UnknownType(draft.Type);
        }

        if (_health.IsDraining)
        {
            return new SubmitResult.NotAccepted("The server is stopping.", RetryAfter.Restart);
        }

        if (_disks.IsShortOf(DiskUse.Jobs))
        {
            return new SubmitResult.NotAccepted("The disk is short of room.", RetryAfter.Disk);
        }

        var payload = type.Check(draft.Payload);
        var errors = DraftRules.Check(draft, type, payload);

        if (errors.Count == 0 && payload.Files.Count > 0)
        {
            errors = await MissingFilesAsync(payload.Files, cancellationToken);
        }

        return errors.Count > 0 ? new SubmitResult.Invalid(errors) : await StoreAsync(draft, type, payload.Files);
    }

    private async ValueTask<SubmitResult> StoreAsync(JobDraft draft, JobType type, IReadOnlyList<Guid> files)
    {
        var now = _time.GetUtcNow();
        var spec = JobSpecs.From(draft, type, files, now);
        var key = draft.IdempotencyKey is null ? null : new IdempotencyKey(draft.IdempotencyKey, draft.Fingerprint, now + KeyLifetime);
        var offer = spec.RunAt <= now ? _claims.OpenFor(type.Name, 1) : null;
        InsertOutcome? outcome = null;

        try
        {
            // No token: a commit that has begun is not canceled because a client went away.
            outcome = (await _store.InsertAsync(new InsertRequest([new Storage.Submission([spec], key)], now, offer), CancellationToken.None))[0];
        }
        finally
        {
            if (offer is not null)
            {
                _dispatcher.Settle(offer, Claimed(outcome));
            }
        }

        return outcome switch
        {
            InsertOutcome.Inserted inserted => Accept(inserted.Jobs[0]),
            InsertOutcome.Replayed replayed => new SubmitResult.Replayed(replayed.Jobs[0]),
            InsertOutcome.KeyReused => new SubmitResult.KeyReused(),
            InsertOutcome.Gone => new SubmitResult.Gone(),
            _ => new SubmitResult.NotAccepted("The backlog is full.", RetryAfter.Room(_metrics.AverageDuration)),
        };
    }

    private SubmitResult.Accepted Accept(Job job)
    {
        _metrics.Submitted(job);

        if (job.State != JobState.Running)
        {
            _events.Changed(job);
        }

        return new SubmitResult.Accepted(job);
    }

    private async ValueTask<IReadOnlyList<PayloadError>> MissingFilesAsync(IReadOnlyList<Guid> files, CancellationToken cancellationToken)
    {
        var missing = new List<PayloadError>();

        foreach (var file in files)
        {
            if (await _files.FindAsync(file, cancellationToken) is null)
            {
                missing.Add(new PayloadError(DraftRules.PayloadLocation, $"There is no file {file}; upload it first."));
            }
        }

        return missing;
    }

    private static IEnumerable<Job> Claimed(InsertOutcome? outcome) =>
        outcome is InsertOutcome.Inserted inserted ? inserted.Jobs.Where(job => job.State == JobState.Running) : [];
}
