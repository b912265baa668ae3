using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Storage.Turns;
using JobApi.Sqlite.Database;

namespace JobApi.Sqlite.Tables;

/// <summary>The only place that changes job rows; on the writer's thread, within its transaction. Counters follow every change.</summary>
internal sealed class JobRows(Db db, Counters counters, Waiting waiting, bool keepsChanges)
{
    /// <summary>Results up to so many bytes stand in the job's own row.</summary>
    private const int SmallResult = 1_024;

    /// <summary>So do payloads up to so many, with what else was asked for: a walk over jobs passes by them.</summary>
    private const int SmallBody = 512;

    private const int MaxQueued = 8_192;
    private const int MaxQueuedPayload = 1_024;

    private readonly SideRows _sides = new(db, waiting);
    private readonly EndRoom _room = new();

    // Running jobs as they stand in the open transaction: every one of them is asked for once more, when it ends. Only the jobs in this
    // process's hands run, so it is as small as the pool.
    private readonly Dictionary<Guid, Job> _running = [];

    /// <summary>The job while it runs.</summary>
    public Job? FindRunning(Guid id) =>
        _running.TryGetValue(id, out var running) ? running : JobReads.Find(db, id) is { State: JobState.Running } found ? found : null;

    // Jobs that this process stored and nobody has claimed yet: most are claimed a moment later, and then need not be read. Bounded, because a
    // backlog is not.
    private readonly Dictionary<long, Job> _queued = [];

    /// <summary>A job that is said to wait, in its turn or for its time.</summary>
    public Job LoadWaiting(long sequence)
    {
        var job = _queued.TryGetValue(sequence, out var queued) ? queued : JobReads.Load(db, sequence);

        return SideRows.Waits(job)
            ? job
            : throw new InvalidOperationException($"Job {job.Id} stands among those that wait, and is {job.State}.");
    }

    /// <summary>Something was undone, so what is remembered may never have been.</summary>
    public void Forget()
    {
        _running.Clear();
        _queued.Clear();
    }

    private const string InsertJob = """
        INSERT INTO job (seq, id, type, queue, priority, state, run_at, version, attempt, failures, crashes, created_at, expires_at, started_at,
          lease_expires_at, bytes, key, node, tags, lane, payload, details, timeout, max_attempts, room)
        VALUES ($seq, $id, $type, $queue, $priority, $state, $run_at, $version, $attempt, 0, 0, $created_at, $expires_at, $started_at,
          $lease_expires_at, $bytes, $key, $node, $tags, $lane, $payload, $details, $timeout, $max_attempts, zeroblob($room))
        """;

    private const string InsertBody = "INSERT INTO body (seq, payload, details) VALUES ($seq, $payload, $details)";

    /// <summary>Stores a job that has just been submitted and has its number.</summary>
    public Job Add(Job job, long? key)
    {
        var spec = job.Spec;
        var details = JobDetails.Write(spec);
        var isSmall = spec.Payload.Length + (details?.Length ?? 0) <= SmallBody;
        var lane = LaneKey.Of(job).IsPlain ? null : waiting.NameOf(job);
        var room = job.State == JobState.Running ? _room.For(spec.Type) : 0L;

        db[InsertJob].With(
            job.Sequence, JobReads.Key(spec.Id), spec.Type, spec.Queue, spec.Priority, (long)job.State, job.RunAt.UtcTicks, job.Version, job.Attempt,
            spec.CreatedAt.UtcTicks, spec.ExpiresAt?.UtcTicks, job.StartedAt?.UtcTicks, job.LeaseExpiresAt?.UtcTicks, JobSize.Of(job), key,
            job.Node, Tags(spec), lane, isSmall ? spec.Payload : default(Value), isSmall ? details : null, spec.Timeout.Ticks, spec.MaxAttempts, room).Run();

        if (!isSmall)
        {
            db[InsertBody].With(job.Sequence, spec.Payload, details ?? JobDetails.EmptyJson).Run();
        }

        UseFiles(job.Sequence, spec.Files);
        _sides.Move(null, job);
        counters.Move(null, job);
        waiting.Move(null, job);

        return Remember(job);
    }

    // The plus keeps SQLite from looking at what is bound when it chooses an index, and so from preparing the statement anew whenever another state is.
    private const string UpdateJob = """
        UPDATE job SET state = $state, run_at = $run_at, version = $version, attempt = $attempt, failures = $failures, crashes = $crashes,
          expires_at = $expires_at, started_at = $started_at, finished_at = $finished_at, purge_at = $purge_at, duration = $duration,
          lease_expires_at = $lease_expires_at, cancel_requested_at = $cancel_requested_at, waiting = $waiting, bytes = $bytes, history_bytes = $history_bytes,
          node = $node, worker = $worker, cancel_reason = $cancel_reason, error = $error, progress = $progress, result = $result, result_files = $result_files,
          room = NULL
        WHERE seq = $seq AND version = $was_version AND +state = $was_state AND attempt = $was_attempt
        """;

    private const string InsertResult = "INSERT INTO result (seq, bytes, files) VALUES ($seq, $bytes, '[]')";

    /// <summary>Replaces a snapshot by the next one.</summary>
    public Job Put(Job was, Job job)
    {
        var isSmall = job.Result?.Length <= SmallResult;

        var rows = db[UpdateJob].With(
            (long)job.State, job.RunAt.UtcTicks, job.Version, (long)job.Attempt, (long)job.Failures, (long)job.Crashes,
            job.Spec.ExpiresAt?.UtcTicks, job.StartedAt?.UtcTicks, job.FinishedAt?.UtcTicks, SideRows.PurgeAt(job)?.UtcTicks, job.Duration?.Ticks,
            job.LeaseExpiresAt?.UtcTicks, job.CancelRequestedAt?.UtcTicks, (long?)job.Waiting, JobSize.Of(job), job.HistoryBytes,
            job.Node, job.Worker, job.CancelReason, RowJson.Write(job.Error, RowJson.Default.JobError), RowJson.Write(job.Progress, RowJson.Default.JobProgress),
            isSmall ? job.Result : null, job.ResultFiles.Count == 0 ? null : RowJson.Write(job.ResultFiles, RowJson.Default.IReadOnlyListGuid),
            job.Sequence, was.Version, (long)was.State, (long)was.Attempt).Run();

        if (rows != 1)
        {
            throw Outdated(job);
        }

        if (job.State == JobState.Succeeded)
        {
            _room.Took(job, isSmall ? job.Result!.Value.Length : 0);

            if (job.Result is { } large && !isSmall)
            {
                db[InsertResult].With(job.Sequence, large).Run();
            }

            UseFiles(job.Sequence, job.ResultFiles);
        }

        if (keepsChanges && (was.Error != job.Error || !ReferenceEquals(was.Spec.Tags, job.Spec.Tags)))
        {
            SearchSource.Note(db, job.Sequence);
        }

        _sides.Move(was, job);
        counters.Move(was, job);
        waiting.Move(was, job);

        return Remember(job);
    }

    private const string AmendJob = "UPDATE job SET priority = $priority, tags = $tags WHERE seq = $seq";

    /// <summary>Replaces a snapshot by one that asks for something else.</summary>
    public Job Amend(Job was, Job job)
    {
        db[AmendJob].With(job.Spec.Priority, Tags(job.Spec), job.Sequence).Run();

        return Put(was, job);
    }

    private const string SetCanceler = "UPDATE job SET canceled_by = $canceled_by WHERE seq = $seq";

    /// <summary>Replaces a snapshot by one that is to be canceled, or is. Who asked is written apart, because few jobs are canceled and all are claimed and ended.</summary>
    public Job Cancel(Job was, Job job)
    {
        db[SetCanceler].With(RowJson.Write(job.CanceledBy, RowJson.Default.Canceler), job.Sequence).Run();

        return Put(was, job);
    }

    private const string ForgetCanceler = "UPDATE job SET canceled_by = NULL WHERE seq = $seq";

    /// <summary>Replaces a snapshot by one that waits again. That nobody cancels it any more is written apart, because few jobs are run again.</summary>
    public Job Requeue(Job was, Job job)
    {
        db[ForgetCanceler].With(job.Sequence).Run();

        return Put(was, job);
    }

    private const string UpdateLease = "UPDATE job SET lease_expires_at = $until WHERE seq = $seq AND state = 2 AND attempt = $attempt";

    /// <summary>A renewed lease is no news of the job.</summary>
    public void Renew(Job held, DateTimeOffset until)
    {
        var renewed = JobLifecycle.Renew(held, until);

        if (db[UpdateLease].With(until.UtcTicks, held.Sequence, held.Attempt).Run() != 1)
        {
            throw Outdated(held);
        }

        counters.Move(held, renewed);
        Remember(renewed);
    }

    private const string InsertAttempt = """
        INSERT INTO attempt (seq, number, node, worker, started_at, ended_at, state, waiting, error)
        VALUES ($seq, $number, $node, $worker, $started_at, $ended_at, $state, $waiting, $error)
        """;

    private const string DropAttempts = "DELETE FROM attempt WHERE seq = $seq AND number <= $last RETURNING error";

    /// <summary>An attempt ended: stores its record and the job's next snapshot. Of one that succeeded the job's row says it all, and for good.</summary>
    public Job EndAttempt(Job ran, Job next, DateTimeOffset at, string? worker, JobError? error)
    {
        if (next.State != JobState.Succeeded)
        {
            db[InsertAttempt].With(
                ran.Sequence, (long)ran.Attempt, ran.Node, worker, (ran.StartedAt ?? at).UtcTicks, at.UtcTicks, (long)next.State, (long?)next.Waiting,
                RowJson.Write(error, RowJson.Default.JobError)).Run();
        }

        return Put(ran, ran.Attempt > AttemptRecord.MaxKept ? next with { HistoryBytes = next.HistoryBytes - Drop(ran.Sequence, ran.Attempt - AttemptRecord.MaxKept) } : next);
    }

    private long Drop(long sequence, int last)
    {
        using var rows = db[DropAttempts].With(sequence, (long)last).Read();
        var bytes = 0L;

        while (rows.Next())
        {
            bytes += JobSize.OfAttempt(RowJson.Read(rows.BytesOrNull(), RowJson.Default.JobError));
        }

        return bytes;
    }

    private const string UpdateHistory = "UPDATE job SET bytes = $bytes, history_bytes = $history_bytes WHERE seq = $seq";

    /// <summary>More or less is kept of what a running job did; like a renewed lease, no news of the job.</summary>
    public Job Grow(Job running, long bytes)
    {
        var grown = running with { HistoryBytes = running.HistoryBytes + bytes };
        db[UpdateHistory].With(JobSize.Of(grown), grown.HistoryBytes, grown.Sequence).Run();
        counters.Move(running, grown);

        return Remember(grown);
    }

    private const string InsertFileUse = "INSERT OR IGNORE INTO file_use (file, seq) VALUES ($file, $seq)";

    private void UseFiles(long sequence, IReadOnlyList<Guid> files)
    {
        foreach (var file in files)
        {
            db[InsertFileUse].With(JobReads.Key(file), sequence).Run();
        }
    }

    private static InvalidOperationException Outdated(Job job) => new($"Job {job.Id} is not as it was read a moment ago within the same transaction.");

    private Job Remember(Job job)
    {
        if (job.State == JobState.Running)
        {
            _running[job.Id] = job;
        }
        else
        {
            _running.Remove(job.Id);
        }

        if (job.State == JobState.Queued && _queued.Count < MaxQueued && job.Spec.Payload.Length <= MaxQueuedPayload)
        {
            _queued[job.Sequence] = job;
        }
        else
        {
            _queued.Remove(job.Sequence);
        }

        return job;
    }

    private static byte[]? Tags(JobSpec spec) => spec.Tags.Count == 0 ? null : RowJson.Write(spec.Tags, RowJson.Default.IReadOnlyDictionaryStringString);
}
