using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Sqlite.Database;
using JobApi.Sqlite.Tables;

namespace JobApi.Sqlite;

public sealed partial class SqliteJobStore
{
    /// <summary>The most jobs that one control call changes in one transaction, so that it does not keep others waiting.</summary>
    private const int ControlBatch = 500;

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ControlOutcome>> CancelAsync(
        JobSelection which, Cancellation asked, DateTimeOffset now, CancellationToken cancellationToken) =>
        ApplyAsync(
            which,
            row => !row.State.IsTerminal() && !row.IsCancelRequested,
            job => JobLifecycle.Cancel(job, asked, now) switch
            {
                null => (job.State == JobState.Canceled ? ControlResult.AlreadyDone : ControlResult.WrongState, job),
                { } same when ReferenceEquals(same, job) => (ControlResult.AlreadyDone, job),
                { } next => (next.State == JobState.Canceled ? ControlResult.Done : ControlResult.Requested, _jobs.Cancel(job, next)),
            },
            cancellationToken);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ControlOutcome>> RequeueAsync(JobSelection which, DateTimeOffset now, CancellationToken cancellationToken) =>
        ApplyAsync(
            which,
            row => row.State is JobState.Failed or JobState.Canceled,
            job => JobLifecycle.Requeue(job, now) is not { } next ? (ControlResult.WrongState, job)
                : next.Spec.Unique is { } unique && JobReads.Holder(_db, unique) is not null ? (ControlResult.UniqueKeyHeld, job)
                : (ControlResult.Done, _jobs.Requeue(job, next)),
            cancellationToken);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ControlOutcome>> AmendAsync(
        JobSelection which, JobAmendment change, DateTimeOffset now, CancellationToken cancellationToken) =>
        ApplyAsync(
            which,
            row => row.State is JobState.Scheduled or JobState.Queued,
            job => JobLifecycle.Amend(job, change, now) is { } next ? (ControlResult.Done, _jobs.Amend(job, next))
                : (change.IsTooMuchFor(job) ? ControlResult.TooMuch : ControlResult.WrongState, job),
            cancellationToken);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ControlOutcome>> DeleteAsync(JobSelection which, CancellationToken cancellationToken) =>
        ApplyAsync(
            which,
            row => row.State.IsTerminal(),
            job =>
            {
                if (!job.State.IsTerminal())
                {
                    return (ControlResult.WrongState, job);
                }

                _removal.Remove(job);
                return (ControlResult.Done, job);
            },
            cancellationToken);

    /// <param name="which">Ids or a filter.</param>
    /// <param name="isWorthIt">Whether a job that a filter finds can be acted on.</param>
    /// <param name="act">Does it to one job, and gives the job as it then stands.</param>
    /// <param name="cancellationToken">Ends the call between two batches; what is done stays done.</param>
    private async ValueTask<IReadOnlyList<ControlOutcome>> ApplyAsync(
        JobSelection which, Func<WalkedJob, bool> isWorthIt, Func<Job, (ControlResult Result, Job Job)> act, CancellationToken cancellationToken)
    {
        var ids = which.Ids ?? await FindAsync(which.Filter!, which.Max, isWorthIt, cancellationToken);
        var outcomes = new List<ControlOutcome>(ids.Count);

        foreach (var batch in ids.Chunk(ControlBatch))
        {
            outcomes.AddRange(await _writer.RunAsync(() => Array.ConvertAll(batch, id => Apply(id, which, act)), batch.Length, cancellationToken));
        }

        // Between the search and the change a job may have moved on: then the filter did not find it.
        return which.Ids is null ? outcomes.FindAll(outcome => outcome.Result is ControlResult.Done or ControlResult.Requested) : outcomes;
    }

    private ControlOutcome Apply(Guid id, JobSelection which, Func<Job, (ControlResult Result, Job Job)> act)
    {
        if (JobReads.Find(_db, id) is not { } job)
        {
            return new ControlOutcome(id, ControlResult.NotFound, null);
        }

        if (!which.IsMeant(job))
        {
            return new ControlOutcome(id, ControlResult.NotMeant, job);
        }

        var (result, after) = act(job);

        return new ControlOutcome(id, result, after);
    }

    private const string SequenceToId = "SELECT id FROM job WHERE seq = $seq";

    /// <summary>Searches on a reading connection, stretch by stretch, so that a filter over millions of jobs never holds the writer up.</summary>
    private async Task<IReadOnlyList<Guid>> FindAsync(JobFilter filter, int max, Func<WalkedJob, bool> isWorthIt, CancellationToken cancellationToken)
    {
        var ids = new List<Guid>();
        long? before = null;

        do
        {
            var (found, next) = await _readers.ReadAsync(db => Stretch(db, before), cancellationToken);
            ids.AddRange(found);
            before = next;
        }
        while (before is not null && ids.Count < max);

        return ids;

        (List<Guid> Ids, long? Next) Stretch(Db db, long? from)
        {
            var walk = Walk(db, filter, from, max - ids.Count, isWorthIt);
            return (walk.Found.ConvertAll(sequence => IdOf(db, sequence)), walk.Next);
        }
    }

    private static Guid IdOf(Db db, long sequence)
    {
        using var rows = db[SequenceToId].With(sequence).Read();
        return rows.Next() ? rows.Id() : Guid.Empty;
    }
}
