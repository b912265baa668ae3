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

    /// <summary>How long the writer waits, in milliseconds, for readers that still need the log.</summary>
    public const int Patience = 250;

    private readonly string _path;
    private readonly TimeSpan _idle;
    private readonly Func<bool> _makeRoom;
    private readonly Db _db;
    private readonly Thread _thread;
    private readonly object _gate = new();

    // Under the gate.
    private Round _round;
    private bool _isCut;
    private long _commits;
    private bool _isClosed;

    // The writer's thread's alone.
    private long _pages;

    /// <param name="path">The data file.</param>
    /// <param name="makeRoom">Gives something up when the disk is full; false when there is nothing.</param>
    /// <param name="idle">After this long without a commit the log is cut to nothing.</param>
    public Checkpoints(string path, Func<bool> makeRoom, TimeSpan idle)
    {
        _path = path;
        _makeRoom = makeRoom;
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

            if (wants || _isCut)
            {
                _isCut = false;
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
        while (Next() is var (mode, commits))
        {
            // Cutting holds the writer's lock while it copies, so all but nothing is copied before.
            var log = mode == "TRUNCATE" && Try(() => _db.Checkpoint("PASSIVE")) is null ? null : Try(() => _db.Checkpoint(mode));

            lock (_gate)
            {
                if (mode == "TRUNCATE")
                {
                    _isCut = log is { Pages: 0 } && _commits == commits;
                }
                else
                {
                    _round = Round.Copied;
                }
            }
        }
    }

    /// <summary>Waits for the next thing to do; null when there is none any more.</summary>
    private (string Mode, long Commits)? Next()
    {
        lock (_gate)
        {
            while (!_isClosed)
            {
                var commits = _commits;

                if (_round == Round.Wanted)
                {
                    return ("PASSIVE", commits);
                }

                // Without a time when there is nothing to cut: an idle store does nothing at all.
                if (!Monitor.Wait(_gate, _isCut ? Timeout.InfiniteTimeSpan : _idle) && commits == _commits)
                {
                    return ("TRUNCATE", commits);
                }
            }

            return null;
        }
    }

    /// <summary>A checkpoint that fails loses nothing: what it did not copy stays in the log.</summary>
    private LogState? Try(Func<LogState> checkpoint)
    {
        try
        {
            return checkpoint();
        }
        catch (SqliteException exception)
        {
            if (exception.SqliteErrorCode == SqliteFull)
            {
                _makeRoom();
            }

            return null;
        }
    }

    private const int SqliteFull = 13;
}
