using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Sqlite.Database;
using JobApi.Sqlite.Searching;
using JobApi.Sqlite.Tables;
using JobApi.Sqlite.Writing;
using Microsoft.Data.Sqlite;

namespace JobApi.Sqlite;

/// <summary>
/// Keeps jobs in one SQLite file. A call that writes returns when the fsync that covers it has; calls that read have connections of their own
/// and never wait for a write. Every move is made by <see cref="JobLifecycle"/>, as in the in-memory store: here its snapshots are rows.
/// </summary>
public sealed partial class SqliteJobStore : IJobQueue, IJobReader, IJobControl, IJobHistory, IDisposable
{
    private readonly StoreOptions _options;
    private readonly Func<double> _jitter;
    private readonly LockFile _lock;
    private readonly string _path;
    private readonly long _backupMaxLogBytes;
    private readonly TimeSpan _patienceForHands;
    private readonly Action? _whileCopying;
    private int _disposed;
    private readonly Ballast _ballast;
    private readonly Readers _readers;
    private readonly Writer _writer;
    private readonly Checkpoints _checkpoints;
    private readonly SearchIndex? _search;
    private readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Only the writer's thread touches these, within its transaction.
    private readonly Db _db;
    private readonly Counters _counters;
    private readonly RunningRows _running;
    private readonly Waiting _waiting;
    private readonly JobRows _jobs;
    private readonly KeyRows _keys;
    private readonly Removal _removal;

    private SqliteJobStore(LockFile lockFile, Db db, string path, SqliteOptions file, StoreOptions options, SqliteSeams seams)
    {
        _lock = lockFile;
        _path = path;
        _backupMaxLogBytes = file.BackupMaxLogBytes;
        _whileCopying = seams.WhileCopying;
        _patienceForHands = seams.Patience.ForHands;
        _db = db;
        _db.WaitForLocks(seams.ForLocks);
        _options = options;
        _jitter = seams.Jitter;
        _counters = Counters.Load(db);
        _running = new RunningRows(db, _counters);
        _waiting = new Waiting(db, _counters, _running);
        _jobs = new JobRows(db, _counters, _waiting, keepsChanges: file.Search);
        _keys = new KeyRows(db);
        _removal = new Removal(db, _counters, new Tombstones(db, options.MaxTombstones));
        _readers = new Readers(path, file.Readers);
        _ballast = new Ballast(path, file.BallastBytes, seams.FreeBytes);
        _checkpoints = new Checkpoints(path, _ballast.GiveUp, seams.Idle, _failed);
        _search = file.Search ? new SearchIndex(path) : null;
        _writer = new Writer(db, _counters, Forget, _checkpoints, _ballast.GiveUp, BeforeCommit, _failed, seams.Patience);

        void BeforeCommit()
        {
            _waiting.Refresh();
            seams.BeforeCommit?.Invoke();
        }
    }

    /// <summary>What this store promises: an answered write survives the process and the machine. One process at a time works on a file.</summary>
    public static StoreTraits Traits { get; } = new("sqlite", Durability.Fsync, IsShared: false);

    /// <summary>
    /// Ends, with the cause, when a write, of a commit or of a checkpoint, failed in a way after which nothing more can be promised. Its callers were told that its outcome is unknown,
    /// later ones are refused, and the process should end with an error: what is in the file when it is opened again is the truth.
    /// </summary>
    public Task<Exception> Failed => _failed.Task;

    /// <summary>Jobs that were running when the file was opened: their process is dead, and the attempt was counted as a crash.</summary>
    public int Recovered { get; private set; }

    /// <summary>Bytes of the write-ahead log: what was committed and is not yet in the data file, and room that is used again.</summary>
    public long LogBytes => _checkpoints.LogBytes;

    /// <summary>What is given up when the disk is full.</summary>
    internal Ballast Ballast => _ballast;

    /// <summary>Transactions committed since the file was opened.</summary>
    internal long Commits => _writer.Commits;

    /// <summary>Every SQL text that writing or reading has used since the file was opened.</summary>
    internal IReadOnlyCollection<string> Texts => [.. _db.Texts, .. _readers.Texts, .. _search?.Texts ?? []];

    /// <summary>How often the writer has run each SQL text since the file was opened. Asked while nothing is written.</summary>
    internal IReadOnlyDictionary<string, int> Runs => _db.Runs;

    /// <summary>Whether all that was committed is in the data file itself.</summary>
    internal bool IsSettled => _checkpoints.IsSettledAfter(_writer.Commits);

    /// <summary>
    /// Opens the data file, or makes it; takes its lock, brings its schema up to date and recovers the jobs that a dead process left running.
    /// </summary>
    /// <param name="file">Where the file is.</param>
    /// <param name="options">The bounds to keep.</param>
    /// <param name="now">The moment at which a lost attempt is noticed.</param>
    /// <exception cref="SqliteStoreException">The file is in use, damaged, from a newer program, on a network file system, or SQLite is too old.</exception>
    public static SqliteJobStore Open(SqliteOptions file, StoreOptions options, DateTimeOffset now) => Open(file, options, now, new SqliteSeams());

    internal static SqliteJobStore Open(SqliteOptions file, StoreOptions options, DateTimeOffset now, SqliteSeams seams)
    {
        var path = Location.Behind(file.Path);
        Connections.CheckVersion(Connections.LoadedVersion());
        Location.Prepare(Path.GetDirectoryName(path)!);
        var lockFile = LockFile.Take(path);

        try
        {
            DataFile.Prepare(path);
            SearchFiles.DeleteUnless(file.Search, path);
            return new SqliteJobStore(lockFile, DataFile.Open(path, file), path, file, options, seams).Recover(now);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            lockFile.Dispose();
            throw new SqliteStoreException($"The data file {path} cannot be opened: {exception.Message}", exception);
        }
        catch
        {
            lockFile.Dispose();
            throw;
        }
    }

    /// <summary>Writes what waits, closes the file and lets go of its lock; once, however many of a container's services are this store.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _writer.Dispose();
        _checkpoints.Dispose();
        _readers.Dispose();
        _search?.Dispose();
        Close();
        _db.Dispose();
        _lock.Dispose();
    }

    /// <summary>After a write that failed nothing is tidied up: the next start looks at what is there.</summary>
    private void Close()
    {
        if (Failed.IsCompleted)
        {
            return;
        }

        try
        {
            DataFile.Close(_db, _path);
        }
        catch (Exception exception) when (exception is SqliteException or IOException)
        {
            // The mark still says that the log matters, and the log is still there: nothing is lost but the order.
        }
    }

    private void Forget()
    {
        _jobs.Forget();
        _waiting.Forget();
    }

    private const string IdToSequence = "SELECT seq FROM job WHERE id = $id";

    private static long? SequenceOf(Db db, Guid id) => db[IdToSequence].With(JobReads.Key(id)).Number();

    /// <summary>The job of a lease while that very attempt runs; null when the lease is stale.</summary>
    private Job? Held(Lease lease) =>
        _jobs.FindRunning(lease.JobId) is { } job && job.Attempt == lease.Attempt ? job : null;
}
