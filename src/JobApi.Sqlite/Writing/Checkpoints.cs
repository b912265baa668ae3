using JobApi.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace JobApi.Sqlite.Writing;

/// <summary>
/// Moves what is in the write-ahead log into the data file, so that the log stays small under a load that never pauses. The bulk is copied on
/// a thread and a connection of its own while commits go on; the few pages that came meanwhile are copied by the writer between two
/// commits, when nobody else writes: only then is the log wholly copied, and the next commit begins it anew.
/// </summary>
internal sealed class Checkpoints : IDisposable
{
    /// <summary>Pages in the log with which a round begins: 4 MiB.</summary>
    public const int RoundPages = 1_000;

    /// <summary>Pages in the log beyond which the writer waits, for a moment, until no reader needs the old ones any more: 16 MiB.</summary>
    public const int MaxPages = 4_000;

    /// <summary>Bytes of the log beyond which an idle store gives them back to the disk: 16 MiB.</summary>
    private const long MaxIdleBytes = 16 << 20;

    /// <summary>How long the writer waits, in milliseconds, for readers that still need the log.</summary>
    public const int Patience = 250;

    private readonly string _path;
    private readonly TimeSpan _idle;
    private readonly Func<bool> _makeRoom;
    private readonly TaskCompletionSource<Exception> _failed;
    private readonly Db _db;
    private readonly Thread _thread;
    private readonly object _gate = new();

    // Under the gate.
    private Round _round;
    private bool _isSettled;
    private long _commits;
    private bool _isClosed;

    // The writer's thread's alone.
    private long _pages;

    /// <param name="path">The data file.</param>
    /// <param name="makeRoom">Gives something up when the disk is full; false when there is nothing.</param>
    /// <param name="idle">After this long without a commit everything in the log is copied.</param>
    /// <param name="failed">Completed with the cause when nobody knows any more what is on the disk.</param>
    public Checkpoints(string path, Func<bool> makeRoom, TimeSpan idle, TaskCompletionSource<Exception> failed)
    {
        _path = path;
        _makeRoom = makeRoom;
        _failed = failed;
        _idle = idle;
        _db = Connections.OpenCheckpointer(path);
        _thread = new Thread(Run) { Name = "sqlite checkpoints", IsBackground = true };
        _thread.Start();
    }

    private enum Round
    {
        None,
        Wanted,
        Copied,
    }

    /// <summary>Whether so many commits are in the data file, and nothing is left to be done.</summary>
    public bool IsSettledAfter(long commits)
    {
        lock (_gate)
        {
            return _isSettled && _commits == commits;
        }
    }

    /// <summary>Bytes of the write-ahead log on the disk.</summary>
    public long LogBytes => new FileInfo(_path + "-wal") is { Exists: true } log ? log.Length : 0;

    /// <summary>Called by the writer after each commit, when its callers have their answers.</summary>
    /// <param name="writer">The connection that has just committed.</param>
    public void Committed(Db writer)
    {
        _pages += writer.TakePagesWritten();
        Round round;

        lock (_gate)
        {
            _commits++;
            round = _round;
            var wants = round == Round.None && _pages >= RoundPages;

            if (wants)
            {
                _round = Round.Wanted;
            }

            if (wants || _isSettled)
            {
                _isSettled = false;
                Monitor.Pulse(_gate);
            }
        }

        if (round == Round.Copied)
        {
            Finish(writer);
        }
    }

    /// <summary>Ends the thread. The log is left as it is.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
        _db.Dispose();
    }

    /// <summary>The rest of a round, on the writer's thread. A reader may keep the log from beginning anew; the next round tries again.</summary>
    private void Finish(Db writer)
    {
        var log = Try(() => writer.Checkpoint("PASSIVE"));

        if (log?.Pages > MaxPages)
        {
            // Readers hold their page for milliseconds, and those who come now read the file: this wait is short.
            log = Try(() => writer.Checkpoint("RESTART", Patience));
        }

        // A backup reads for longer. It is not waited for again before the log has grown by another round.
        _pages = log is { IsBusy: false } left ? Math.Max(0, left.Pages - left.Copied) : 0;

        lock (_gate)
        {
            _round = Round.None;
        }
    }

    private void Run()
    {
        while (Next() is var (isRound, commits))
        {
            var isWhole = Try(() => _db.Checkpoint("PASSIVE")) is { IsWhole: true };

            // Cutting costs the next commits: they make the file grow again. So only what a backup or a burst has left is cut.
            if (!isRound && isWhole && LogBytes > MaxIdleBytes)
            {
                isWhole = Try(() => _db.Checkpoint("TRUNCATE")) is { IsWhole: true };
            }

            lock (_gate)
            {
                if (isRound)
                {
                    _round = Round.Copied;
                }
                else
                {
                    _isSettled = isWhole && _commits == commits;
                }
            }
        }
    }

    /// <summary>Waits for the next thing to do, a round or what is to be done when nobody writes; null when there is nothing any more.</summary>
    private (bool IsRound, long Commits)? Next()
    {
        lock (_gate)
        {
            while (!_isClosed)
            {
                var commits = _commits;

                if (_round == Round.Wanted)
                {
                    return (true, commits);
                }

                // Without a time when everything is copied: an idle store does nothing at all.
                if (!Monitor.Wait(_gate, _isSettled ? Timeout.InfiniteTimeSpan : _idle) && commits == _commits)
                {
                    return (false, commits);
                }
            }

            return null;
        }
    }

    /// <summary>
    /// A checkpoint that has to give way, or cannot write, loses nothing: what it did not copy stays in the log. After a flush that failed there is none any more. SQLite flushes the data file only
    /// when it has copied the newest page, and never copies again what it has copied before; the system, for its part, takes the pages of a failed flush for written. So the next checkpoint might
    /// succeed and have the log begin anew, and with it the only good copy of those pages would go. The next start copies all of the log again.
    /// </summary>
    private LogState? Try(Func<LogState> checkpoint)
    {
        if (_failed.Task.IsCompleted)
        {
            return null;
        }

        try
        {
            return checkpoint();
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == SqliteFull)
        {
            _makeRoom();
        }
        catch (SqliteException exception) when (exception.SqliteExtendedErrorCode == FlushFailed)
        {
            _failed.TrySetResult(exception);
        }
        catch (SqliteException)
        {
            // The next round tries again.
        }

        return null;
    }

    private const int SqliteFull = 13;

    /// <summary>SQLITE_IOERR_FSYNC.</summary>
    private const int FlushFailed = 10 | (4 << 8);
}
