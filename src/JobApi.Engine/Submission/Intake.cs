using JobApi.Engine.Diagnostics;
using JobApi.Engine.Dispatch;
using JobApi.Engine.Events;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Engine.Submission;

/// <summary>Stores submissions and tells of them. Jobs that find idle workers are stored already claimed and start without a further look at the store.</summary>
internal sealed class Intake(
    IJobQueue store, Claims claims, Dispatcher dispatcher, Pace pace, JobEvents events, JobMetrics metrics, EngineHealth health, DiskSpace disks, TimeProvider time)
{
    /// <summary>How long an idempotency key is kept at least.</summary>
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(24);

    /// <summary>The answer while the server stops or its disk is short; null when it takes jobs in.</summary>
    public SubmitResult.NotAccepted? Closed =>
        health.IsDraining ? new SubmitResult.NotAccepted("The server is stopping.", RetryAfter.Restart)
        : disks.IsShortOf(DiskUse.Jobs) ? new SubmitResult.NotAccepted("The disk is short of room.", RetryAfter.Disk)
        : null;

    /// <summary>The answer of a store without room.</summary>
    /// <param name="outcome">What it said.</param>
    public SubmitResult.NotAccepted NoRoom(InsertOutcome outcome) => outcome is InsertOutcome.DiskFull
        ? new SubmitResult.NotAccepted("The disk is full.", RetryAfter.Disk)
        : new SubmitResult.NotAccepted("The backlog is full.", RetryAfter.Room(metrics.AverageDuration));

    public static IdempotencyKey? Key(string? value, ReadOnlyMemory<byte> fingerprint, DateTimeOffset now) =>
        value is null ? null : new IdempotencyKey(value, fingerprint, now + KeyLifetime);

    /// <summary>Hands for new jobs; null when nothing is due.</summary>
    public OfferedHands? Offer(IEnumerable<JobSpec> specs, DateTimeOffset now)
    {
        var (due, type) = (0, (string?)null);

        foreach (var spec in specs)
        {
            if (spec.RunAt <= now)
            {
                type = due == 0 || type == spec.Type ? spec.Type : null;
                due++;
            }
        }

        return due == 0 ? null : new OfferedHands(type, due, claims, dispatcher, pace, time);
    }

    /// <summary>
    /// What became of an earlier submission under a key, for one that would otherwise be refused: a repeated request gets its jobs although, say, the disk is short by now.
    /// </summary>
    /// <returns>Null when there is no key, or it was never used.</returns>
    public async ValueTask<InsertOutcome?> EarlierAsync(string? value, ReadOnlyMemory<byte> fingerprint, DateTimeOffset now) =>
        Key(value, fingerprint, now) is not { } key ? null
        : (await store.InsertAsync(new InsertRequest([new Storage.Submission([], key)], now), CancellationToken.None))[0] switch
        {
            InsertOutcome.Replayed replayed => replayed,
            InsertOutcome.KeyReused reused => reused,
            InsertOutcome.Gone gone => gone,
            _ => null,
        };

    /// <summary>Stores submissions in one transaction.</summary>
    public async ValueTask<IReadOnlyList<InsertOutcome>> StoreAsync(IReadOnlyList<Storage.Submission> submissions, OfferedHands? offer, DateTimeOffset now)
    {
        IReadOnlyList<InsertOutcome> outcomes = [];
        List<Job> jobs;

        try
        {
            // No token: a commit that has begun is not canceled because a client went away.
            outcomes = await store.InsertAsync(new InsertRequest(submissions, now, offer?.ForStore), CancellationToken.None);
        }
        finally
        {
            jobs = New(outcomes);
            offer?.Settle(jobs.Where(job => job.State == JobState.Running));
        }

        if (jobs.Count > 0)
        {
            disks.HasRoom();
        }
        else if (outcomes.Any(outcome => outcome is InsertOutcome.DiskFull))
        {
            disks.IsFull();
        }

        foreach (var job in jobs)
        {
            metrics.Submitted(job);

            if (job.State != JobState.Running)
            {
                events.Changed(job);
            }
        }

        return outcomes;
    }

    private static List<Job> New(IReadOnlyList<InsertOutcome> outcomes)
    {
        var jobs = new List<Job>(outcomes.Count);

        foreach (var outcome in outcomes)
        {
            if (outcome is InsertOutcome.Inserted inserted)
            {
                jobs.AddRange(inserted.Jobs);
            }
        }

        return jobs;
    }
}
