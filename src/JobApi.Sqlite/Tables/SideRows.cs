using System.Diagnostics.CodeAnalysis;
using JobApi.Engine.Lifecycle;
using JobApi.Sqlite.Database;

namespace JobApi.Sqlite.Tables;

/// <summary>
/// What only some jobs have, beside them in tables of its own: that they wait, a unique key, a retention. A job that starts at once and has none of these passes
/// by all of it. On the writer's thread, within its transaction.
/// </summary>
internal sealed class SideRows(Db db, Waiting waiting)
{
    /// <summary>A job went from one place to another, or came.</summary>
    public void Move(Job? was, Job job)
    {
        if (Waits(was))
        {
            StopWaiting(was);
        }

        if (Waits(job))
        {
            Wait(job);
        }

        if (job.Spec.Unique is { } unique)
        {
            Hold(unique, was, job);
        }

        if (PurgeAt(job) is { } purgeAt)
        {
            Keep(job, purgeAt);
        }
        else if (was?.FinishedAt is not null)
        {
            Forget(db, job.Sequence);
        }
    }

    private const string AddWaiting = """
        INSERT INTO waiting (state, lane, is_suspect, priority, run_at, seq, queue, start_by)
        VALUES ($state, $lane, $is_suspect, $priority, $run_at, $seq, $queue, $start_by)
        """;

    // Two texts, because a state that is bound is one that SQLite looks at when it chooses an index: it would prepare the statement anew whenever the state changes.
    private const string DropScheduled = $"DELETE FROM waiting WHERE state = 0 {Place}";

    private const string DropQueued = $"DELETE FROM waiting WHERE state = 1 {Place}";

    private const string Place = "AND lane = $lane AND is_suspect = $is_suspect AND priority = $priority AND run_at = $run_at AND seq = $seq";

    private void Wait(Job job) => db[AddWaiting].With(
        (long)job.State, waiting.NameOf(job), IsSuspect(job), (long)job.Spec.Priority, job.RunAt.UtcTicks, job.Sequence, job.Queue,
        JobLifecycle.ExpiresAt(job)?.UtcTicks).Run();

    private void StopWaiting(Job job) => One(
        job,
        db[job.State == JobState.Scheduled ? DropScheduled : DropQueued].With(
            waiting.NameOf(job), IsSuspect(job), (long)job.Spec.Priority, job.RunAt.UtcTicks, job.Sequence).Run());

    private static long IsSuspect(Job job) => JobLifecycle.IsSuspect(job) ? 1 : 0;

    /// <summary>For its turn or for its time.</summary>
    public static bool Waits([NotNullWhen(true)] Job? job) => job?.State is JobState.Scheduled or JobState.Queued;

    private const string HoldKey = "INSERT INTO unique_key (value, seq) VALUES ($value, $seq)";

    private const string ReleaseKey = "DELETE FROM unique_key WHERE value = $value AND seq = $seq";

    private void Hold(UniqueKey key, Job? was, Job job)
    {
        if (Holds(was) != Holds(job))
        {
            One(job, db[Holds(job) ? HoldKey : ReleaseKey].With(key.Key, job.Sequence).Run());
        }
    }

    private static bool Holds(Job? job) => job?.State.IsTerminal() == false;

    private const string PutRetention = """
        INSERT OR REPLACE INTO own_retention (seq, type, state, finished_at, purge_at) VALUES ($seq, $type, $state, $finished_at, $purge_at)
        """;

    private const string DropRetention = "DELETE FROM own_retention WHERE seq = $seq";

    private void Keep(Job job, DateTimeOffset purgeAt) =>
        db[PutRetention].With(job.Sequence, job.Type, (long)job.State, job.FinishedAt!.Value.UtcTicks, purgeAt.UtcTicks).Run();

    /// <summary>A job has its own retention no more: it is to run again, or it goes.</summary>
    public static void Forget(Db db, long sequence) => db[DropRetention].With(sequence).Run();

    private static void One(Job job, int rows)
    {
        if (rows != 1)
        {
            throw new InvalidOperationException($"What stands beside job {job.Id} is not what its own row says.");
        }
    }

    /// <summary>Only of a finished job with a wish of its own: of the others it follows from when they ended.</summary>
    public static DateTimeOffset? PurgeAt(Job job) => job.FinishedAt + job.Spec.Retention;
}
