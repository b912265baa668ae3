using JobApi.Sqlite.Database;
using JobApi.Sqlite.Tables;
using Microsoft.Data.Sqlite;

namespace JobApi.Sqlite.Writing;

/// <summary>
/// Owns the connection that writes, on a thread of its own. It takes what waits, makes all of it in one transaction and answers
/// when the commit has returned: while one fsync runs the next batch gathers, so many callers share a disk write and a single one
/// waits for no timer with his job.
/// </summary>
internal sealed class Writer : IDisposable
{
    /// <summary>
    /// With so many new jobs a transaction takes no further submission, so that the first caller does not wait for the last, and callers who send bulks are not all answered at once, with nothing to write meanwhile.
    /// </summary>
    public const int MaxIntake = 400;

    /// <summary>The most jobs that it changes otherwise: claims and ends come from loops that each wait for their write, so it is bulk actions by many callers that this bounds.</summary>
    public const int MaxChanges = 4_000;

    private const int MaxWaiting = 4_096;
    private const int SqliteBusy = 5;
    private const int SqliteFull = 13;
    private const int SqliteTooBig = 18;
    private const int SqliteConstraint = 19;

    private readonly Db _db;
    private readonly Counters _counters;
    private readonly Action _undone;
    private readonly Checkpoints _checkpoints;
    private readonly Func<bool> _makeRoom;
    private readonly Action _beforeCommit;
    private readonly WorkQueue _queue;
    private readonly TaskCompletionSource<Exception> _failed;
    private readonly Thread _thread;
    private long _commits;

    /// <param name="db">The connection; from here on only the writer's thread touches it.</param>
    /// <param name="counters">The counters kept with every transaction.</param>
    /// <param name="undone">Runs when changes were undone: what was kept in memory of them is void.</param>
    /// <param name="checkpoints">Hears of every commit.</param>
    /// <param name="makeRoom">Gives something up when the disk is full; false when there is nothing.</param>
    /// <param name="beforeCommit">Runs when everything but the commit is done.</param>
    /// <param name="failed">Completed with the cause when nobody knows any more what is on the disk: then nothing more is written.</param>
    /// <param name="patience">How long work waits for the moment in which it costs less.</param>
    public Writer(
        Db db, Counters counters, Action undone, Checkpoints checkpoints, Func<bool> makeRoom, Action beforeCommit, TaskCompletionSource<Exception> failed, Patience patience)
    {
        _failed = failed;
        _queue = new WorkQueue(MaxWaiting, patience);
        _db = db;
        _counters = counters;
        _undone = undone;
        _checkpoints = checkpoints;
        _makeRoom = makeRoom;
        _beforeCommit = beforeCommit;
        LookAgain = _queue.LookAgain;
        _thread = new Thread(Run) { Name = "sqlite writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>To be called when what new jobs waited for may have come.</summary>
    public Action LookAgain { get; }

    /// <summary>Transactions committed so far.</summary>
    public long Commits => Volatile.Read(ref _commits);

    /// <summary>Makes a change in some transaction, alone or with others; done when it is on the disk.</summary>
    /// <param name="change">Runs on the writer's thread. What it throws undoes it, and only it.</param>
    /// <param name="weight">How many jobs it is about.</param>
    /// <param name="cancellationToken">Gives up waiting for room in the queue; a change that is in the queue is made.</param>
    /// <param name="whenFull">The answer when the disk is full.</param>
    /// <param name="urgency">What it waits behind.</param>
    /// <param name="isBetterLater"><see cref="Work.IsBetterLater"/>.</param>
    public ValueTask<T> RunAsync<T>(
        Func<T> change, int weight, CancellationToken cancellationToken, Func<T>? whenFull = null, Urgency urgency = Urgency.Ordinary, Func<int, bool>? isBetterLater = null)
    {
        var work = new Work<T>(change, whenFull) { Weight = Math.Max(weight, 1), Urgency = urgency, IsBetterLater = isBetterLater };

        return _queue.TryAdd(work) ? new ValueTask<T>(work.Done) : WhenThereIsRoomAsync(work, cancellationToken);
    }

    private async ValueTask<T> WhenThereIsRoomAsync<T>(Work<T> work, CancellationToken cancellationToken)
    {
        await _queue.AddAsync(work, cancellationToken);

        return await work.Done;
    }

    /// <summary>Writes what waits, then ends.</summary>
    public void Dispose()
    {
        _queue.Close(new ObjectDisposedException(nameof(SqliteJobStore)));
        _thread.Join();
        _queue.Dispose();
    }

    private void Run()
    {
        var batch = new List<Work>();

        do
        {
            batch.Clear();
            _queue.Take(batch, MaxIntake, MaxChanges);
            Write(batch);
        }
        while (batch.Count > 0);
    }

    private void Write(List<Work> batch)
    {
        if (_failed.Task.IsCompleted)
        {
            batch.ForEach(work => work.Fail(Unknown(_failed.Task.Result)));
            return;
        }

        try
        {
            if (batch.Count > 0 && TryBegin(batch))
            {
                Commit(batch);
            }
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == SqliteFull)
        {
            Undo();
            AnswerFull(batch, exception);
        }
#pragma warning disable CA1031 // Whatever it was: nobody knows what is on the disk, so nothing more is written.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Undo();
            Stop(batch, exception);
        }
    }

    /// <summary>Begins the transaction; false when another program holds the file for longer than it is waited for: then nothing was written, and each caller hears so.</summary>
    private bool TryBegin(List<Work> batch)
    {
        try
        {
            _db["BEGIN IMMEDIATE"].Run();

            return true;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == SqliteBusy)
        {
            var held = new SqliteStoreException("Another program holds the data file: nothing was stored.", exception) { IsPassing = true };
            batch.ForEach(work => work.Fail(held));

            return false;
        }
    }

    private void Commit(List<Work> batch)
    {
        var made = TryRun(batch) ? batch : batch.FindAll(TryRunApart);

        _counters.Save(_db);
        _beforeCommit();
        _db.Commit();
        _counters.Commit();
        Interlocked.Increment(ref _commits);

        made.ForEach(work => work.Succeed());
        _checkpoints.Committed(_db);
    }

    /// <summary>Makes all changes; false when one of them cannot be made, and then none is: somebody has to find out which.</summary>
    private bool TryRun(List<Work> batch)
    {
        try
        {
            batch.ForEach(work => work.Run());

            return true;
        }
#pragma warning disable CA1031 // Whoever caused it gets it when each is made apart.
        catch (Exception exception) when (IsOfOne(exception))
#pragma warning restore CA1031
        {
            _counters.Undo();
            _undone();
            _db["ROLLBACK"].Run();
            _db["BEGIN IMMEDIATE"].Run();

            return false;
        }
    }

    /// <summary>Makes one change; if it cannot be made, its neighbours do not notice.</summary>
    private bool TryRunApart(Work work)
    {
        var mark = _counters.Mark();
        _db["SAVEPOINT work"].Run();

        try
        {
            work.Run();
            _db["RELEASE work"].Run();

            return true;
        }
#pragma warning disable CA1031 // Its caller gets it; only what SQLite says about the file concerns all.
        catch (Exception exception) when (IsOfOne(exception))
#pragma warning restore CA1031
        {
            _db["ROLLBACK TO work"].Run();
            _db["RELEASE work"].Run();
            _counters.Undo(mark);
            _undone();
            work.Fail(exception);

            return false;
        }
    }

    private static bool IsOfOne(Exception exception) => exception is not SqliteException { SqliteErrorCode: not (SqliteTooBig or SqliteConstraint) };

    /// <summary>Submissions are told that there is no room; whatever else was in the transaction is tried again without them, and once more when room was made.</summary>
    private void AnswerFull(List<Work> batch, SqliteException exception)
    {
        var others = batch.Where(work => !work.TryAnswerFull()).ToList();

        if (others.Count < batch.Count || _makeRoom())
        {
            Write(others);
        }
        else
        {
            others.ForEach(work => work.Fail(new SqliteStoreException("The disk is full: nothing was stored.", exception) { IsPassing = true }));
        }
    }

    private void Undo()
    {
        _counters.Undo();
        _counters.Commit();
        _undone();

        try
        {
            _db["ROLLBACK"].Run();
        }
        catch (SqliteException)
        {
            // Some errors end the transaction by themselves; then there is nothing left to roll back.
        }
    }

    private void Stop(List<Work> batch, Exception exception)
    {
        batch.ForEach(work => work.Fail(Unknown(exception)));
        _queue.Close(Unknown(exception));
        _failed.TrySetResult(exception);
    }

    private static SqliteStoreException Unknown(Exception cause) =>
        new("A write failed and its outcome is unknown; the store takes no more until it is opened again.", cause) { IsFinal = true };
}
