using System.Collections.Frozen;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Sqlite.Database;

namespace JobApi.Sqlite.Tables;

/// <summary>Whole jobs from their rows, on any connection.</summary>
internal static class JobReads
{
    private const string Jobs = """
        SELECT j.seq, j.id, j.type, j.queue, j.priority, j.state, j.run_at, j.version, j.attempt, j.failures, j.crashes,
          j.created_at, j.expires_at, j.started_at, j.finished_at, j.duration, j.lease_expires_at, j.cancel_requested_at, j.waiting,
          j.history_bytes, j.node, j.worker, j.cancel_reason, j.tags, j.error, j.progress, j.canceled_by,
          j.timeout, j.max_attempts,
          coalesce(j.payload, b.payload), coalesce(j.details, b.details), coalesce(j.result, r.bytes), coalesce(j.result_files, r.files)
        FROM job j LEFT JOIN body b ON b.seq = j.seq LEFT JOIN result r ON r.seq = j.seq
        """;

    private const string ById = $"{Jobs} WHERE j.id = $id";

    private const string BySequence = $"{Jobs} WHERE j.seq = $seq";

    public static byte[] Key(Guid id) => id.ToByteArray(bigEndian: true);

    public static Job? Find(Db db, Guid id)
    {
        using var rows = db[ById].With(Key(id)).Read();
        return rows.Next() ? Read(rows) : null;
    }

    private const string ByUniqueKey = $"{Jobs} WHERE j.seq = (SELECT seq FROM unique_key WHERE value = $value)";

    /// <summary>The job that holds a unique key.</summary>
    public static Job? Holder(Db db, UniqueKey key)
    {
        using var rows = db[ByUniqueKey].With(key.Key).Read();
        return rows.Next() ? Read(rows) : null;
    }

    public static Job Load(Db db, long sequence)
    {
        using var rows = db[BySequence].With(sequence).Read();
        return rows.Next() ? Read(rows) : throw new InvalidOperationException($"An index names job {sequence}, which is not there.");
    }

    public static List<Job> Load(Db db, List<long> sequences) => sequences.ConvertAll(sequence => Load(db, sequence));

    /// <summary>The jobs that a walk has found, as far as the bytes of a page go; the next page begins where this one ends.</summary>
    public static JobPage Page(Db db, JobWalk walk)
    {
        var jobs = new List<Job>(walk.Found.Count);
        var bytes = 0L;

        foreach (var sequence in walk.Found)
        {
            if (bytes >= JobQuery.MaxBytes)
            {
                return new JobPage(jobs, jobs[^1].Sequence);
            }

            var job = Load(db, sequence);
            jobs.Add(job);
            bytes += JobQuery.BytesOf(job);
        }

        return new JobPage(jobs, walk.Next);
    }

    /// <summary>In the order of the SELECT above: the two are one.</summary>
    private static Job Read(Rows rows)
    {
        var sequence = rows.Number();
        var (id, type, queue, priority) = (rows.Id(), rows.Text(), rows.Text(), rows.Int());

        var job = new Job
        {
            Spec = null!,
            Sequence = sequence,
            State = (JobState)rows.Int(),
            RunAt = rows.Time(),
            Version = rows.Number(),
            Attempt = rows.Int(),
            Failures = rows.Int(),
            Crashes = rows.Int(),
        };

        var (createdAt, expiresAt) = (rows.Time(), rows.TimeOrNull());

        job = job with
        {
            StartedAt = rows.TimeOrNull(),
            FinishedAt = rows.TimeOrNull(),
            Duration = rows.NumberOrNull() is { } ticks ? new TimeSpan(ticks) : null,
            LeaseExpiresAt = rows.TimeOrNull(),
            CancelRequestedAt = rows.TimeOrNull(),
            Waiting = (WaitingReason?)rows.NumberOrNull(),
            HistoryBytes = rows.Number(),
            Node = rows.TextOrNull(),
            Worker = rows.TextOrNull(),
            CancelReason = rows.TextOrNull(),
        };

        var tags = RowJson.Read(rows.BytesOrNull(), RowJson.Default.IReadOnlyDictionaryStringString);
        job = job with
        {
            Error = RowJson.Read(rows.BytesOrNull(), RowJson.Default.JobError),
            Progress = RowJson.Read(rows.BytesOrNull(), RowJson.Default.JobProgress),
            CanceledBy = RowJson.Read(rows.BytesOrNull(), RowJson.Default.Canceler),
        };
        var (timeout, maxAttempts) = (rows.NumberOrNull(), rows.NumberOrNull());
        var payload = rows.Bytes();
        var details = JobDetails.Read(rows.BytesOrNull());

        return job with
        {
            Spec = new JobSpec
            {
                Id = id,
                Type = type,
                Queue = queue,
                Priority = priority,
                Payload = payload,
                CreatedAt = createdAt,
                ExpiresAt = expiresAt,
                RunAt = details.RunAt ?? createdAt,
                Timeout = timeout is { } allowed ? new TimeSpan(allowed) : details.Timeout!.Value,
                MaxAttempts = maxAttempts is { } attempts ? checked((int)attempts) : details.MaxAttempts!.Value,
                Backoff = details.Backoff ?? JobDetails.UsualBackoff,
                Retention = details.Retention,
                Tags = tags ?? FrozenDictionary<string, string>.Empty,
                Files = details.Files ?? [],
                TraceParent = details.TraceParent,
                Unique = details.Unique,
                FairnessKey = details.FairnessKey,
                ConcurrencyKey = details.ConcurrencyKey,
                ConcurrencyLimit = details.ConcurrencyLimit ?? 1,
            },
            // The cast matters: without it, null would become an empty result.
            Result = rows.BytesOrNull() is { } result ? (ReadOnlyMemory<byte>?)result : null,
            ResultFiles = RowJson.Read(rows.BytesOrNull(), RowJson.Default.IReadOnlyListGuid) ?? [],
        };
    }
}
