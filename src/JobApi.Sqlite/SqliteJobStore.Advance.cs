using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Sqlite.Tables;

namespace JobApi.Sqlite;

public sealed partial class SqliteJobStore
{
    private const int RecoveryBatch = 1_000;

    /// <summary>The end of time: a lease without end, a job that is never due. The clock does not wait for it.</summary>
    private static readonly long Never = DateTimeOffset.MaxValue.UtcTicks;

    /// <inheritdoc />
    public ValueTask<AdvanceOutcome> AdvanceAsync(AdvanceRequest request, CancellationToken cancellationToken) =>
        _writer.RunAsync(() => Advance(request), request.Max, cancellationToken);

    private AdvanceOutcome Advance(AdvanceRequest request)
    {
        var (now, max) = request;
        var changed = new List<Job>();

        // Expiry goes before waking: a job that is due and too late at once must not start. A lost job can be due at once, so it goes first.
        changed.AddRange(_running.LostBy(now, max).Select(sequence => Lose(JobReads.Load(_db, sequence), now)));
        Move(changed, max, TooLateBy, now, sequence => Expire(_jobs.LoadWaiting(sequence), now));
        Move(changed, max, DueBy, now, sequence => Wake(_jobs.LoadWaiting(sequence)));

        _keys.Forget(now, max);

        return new AdvanceOutcome(changed, NextDue());
    }

    private const string TooLateBy = "SELECT seq FROM waiting INDEXED BY waiting_start_by WHERE start_by <= $now ORDER BY start_by, seq LIMIT $max";

    private const string DueBy = "SELECT seq FROM waiting INDEXED BY waiting_scheduled WHERE state = 0 AND run_at <= $now ORDER BY run_at, seq LIMIT $max";

    private void Move(List<Job> changed, int max, string which, DateTimeOffset now, Func<long, Job> move)
    {
        if (changed.Count < max)
        {
            changed.AddRange(_db[which].With(now.UtcTicks, (long)(max - changed.Count)).Numbers().Select(move));
        }
    }

    private Job Expire(Job job, DateTimeOffset now) => _jobs.Cancel(job, JobLifecycle.Expire(job, now));

    private Job Wake(Job job) => _jobs.Put(job, JobLifecycle.Wake(job));

    private Job Lose(Job job, DateTimeOffset now)
    {
        var next = JobLifecycle.Lose(job, now, _jitter());
        return _jobs.EndAttempt(job, next, now, worker: null, next.Error);
    }

    private const string NextExpiry = "SELECT start_by FROM waiting INDEXED BY waiting_start_by WHERE start_by < $never ORDER BY start_by LIMIT 1";

    private const string NextStart = "SELECT run_at FROM waiting INDEXED BY waiting_scheduled WHERE state = 0 AND run_at < $never ORDER BY run_at LIMIT 1";

    private DateTimeOffset? NextDue()
    {
        long?[] instants = [_running.NextLease(), _db[NextExpiry].With(Never).Number(), _db[NextStart].With(Never).Number()];

        return instants.Min() is { } next ? new DateTimeOffset(next, TimeSpan.Zero) : null;
    }

    /// <summary>The lock proves that whoever ran these jobs is dead, whatever their leases say.</summary>
    private SqliteJobStore Recover(DateTimeOffset now)
    {
        int batch;

        do
        {
            batch = _writer.RunAsync(() => RecoverBatch(now), RecoveryBatch, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            Recovered += batch;
        }
        while (batch == RecoveryBatch);

        return this;
    }

    private int RecoverBatch(DateTimeOffset now)
    {
        var orphans = _running.Find(RecoveryBatch);
        orphans.ForEach(sequence => Lose(JobReads.Load(_db, sequence), now));

        return orphans.Count;
    }
}
