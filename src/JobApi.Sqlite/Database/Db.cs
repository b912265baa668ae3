using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace JobApi.Sqlite.Database;

/// <summary>One connection and its prepared statements. One thread at a time.</summary>
internal sealed class Db : IDisposable
{
    /// <summary>SQLITE_DBSTATUS_CACHE_WRITE.</summary>
    private const int CacheWrites = 9;

    /// <summary>SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE.</summary>
    private const int NoCheckpointOnClose = 1006;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);

    // By the constant itself: the texts are long, and looking one up by what it says costs as much as running it.
    private readonly Dictionary<string, Statement> _constants = new(ReferenceEqualityComparer.Instance);

    private LogCommit? _commit;
    private int _busyMilliseconds = 30_000;

    public Db(string path)
    {
        // Never ReadWriteCreate: a missing file must not become an empty store by being opened.
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            Vfs = LogVfs.Use(),
        }.ConnectionString);
        _connection.Open();
        _ = raw.sqlite3_busy_timeout(_connection.Handle!, _busyMilliseconds);
    }

    /// <summary>The statement of an SQL text, prepared when it is first asked for.</summary>
    public Statement this[string sql]
    {
        get
        {
            if (!_constants.TryGetValue(sql, out var statement))
            {
                statement = Find(sql);

                // A text that was put together is another one the next time.
                if (ReferenceEquals(string.IsInterned(sql), sql))
                {
                    _constants[sql] = statement;
                }
            }

            return statement;
        }
    }

    /// <summary>The SQL texts that were asked for.</summary>
    public IReadOnlyCollection<string> Texts => _statements.Keys;

    /// <summary>How often each text has been run.</summary>
    public Dictionary<string, int> Runs => _statements.ToDictionary(text => text.Key, text => text.Value.Runs);

    /// <summary>Runs SQL that is not run again.</summary>
    public void Execute(string sql)
    {
        using var once = _connection.CreateCommand();
#pragma warning disable CA2100 // Every SQL text here is our own.
        once.CommandText = sql;
#pragma warning restore CA2100
        once.ExecuteNonQuery();
    }

    /// <summary>Whether the pages of a commit are written to the log together, which is only for a connection whose every commit is flushed.</summary>
    public void GatherCommits(bool gather) => _commit = gather ? new LogCommit() : null;

    /// <summary>Ends the open transaction: it holds when this returns.</summary>
    public void Commit()
    {
        var statement = this["COMMIT"];

        if (_commit is null)
        {
            statement.Run();
        }
        else
        {
            _commit.Make(statement);
        }
    }

    /// <summary>Sets a pragma and reads it back: SQLite says nothing about one that it does not follow.</summary>
    public void Set(string pragma, long value)
    {
        Execute($"PRAGMA {pragma} = {value}");

        if (Get(pragma) is var actual && actual != value)
        {
            throw new SqliteStoreException($"SQLite did not accept PRAGMA {pragma} = {value}: it is {actual}.");
        }
    }

    public long Get(string pragma)
    {
        using var once = new Statement(_connection, $"PRAGMA {pragma}");
        return once.Number() ?? 0;
    }

    /// <summary>The first column of every row.</summary>
    public List<string> Names(string sql)
    {
        using var once = new Statement(_connection, sql);
        using var rows = once.Read();
        var names = new List<string>();

        while (rows.Next())
        {
            names.Add(rows.Text());
        }

        return names;
    }

    public string Text(string sql)
    {
        using var once = new Statement(_connection, sql);
        using var rows = once.Read();
        return rows.Next() ? rows.Text() : string.Empty;
    }

    /// <summary>Pages this connection has written since it was last asked.</summary>
    public long TakePagesWritten()
    {
        raw.sqlite3_db_status(_connection.Handle, CacheWrites, out var pages, out _, 1);
        return pages;
    }

    /// <summary>
    /// Whether the last connection leaves the write-ahead log where it is when it closes, instead of copying and deleting it: the log is missed at the
    /// next start unless somebody has said before that it is not needed.
    /// </summary>
    public void KeepLog(bool keep) => raw.sqlite3_db_config(_connection.Handle, NoCheckpointOnClose, keep ? 1 : 0, out _);

    /// <summary>
    /// The most a statement waits for a lock. Within the server only a checkpoint or the recovery of the log takes one that others wait for, and the default, 30 s, is far longer than either holds it.
    /// </summary>
    public void WaitForLocks(TimeSpan most)
    {
        _busyMilliseconds = (int)most.TotalMilliseconds;
        _ = raw.sqlite3_busy_timeout(_connection.Handle!, _busyMilliseconds);
    }

    /// <summary>Asks, each time so many steps of a statement are made, whether it is to be stopped: then it fails as interrupted.</summary>
    public void StopIf(int steps, Func<bool> isEnough) => raw.sqlite3_progress_handler(_connection.Handle!, steps, _ => isEnough() ? 1 : 0, null);

    /// <summary>Copies pages from the write-ahead log into the data file.</summary>
    /// <param name="mode">SQLite's word for how far to go: <c>PASSIVE</c>, <c>RESTART</c>, <c>TRUNCATE</c>.</param>
    /// <param name="patience">
    /// How long it waits for readers that still need the log, in milliseconds. It may hold the writer's lock meanwhile, so this is short.
    /// </param>
    public LogState Checkpoint(string mode, int patience = 0)
    {
        _ = raw.sqlite3_busy_timeout(_connection.Handle!, patience);

        try
        {
            using var rows = Find($"PRAGMA wal_checkpoint({mode})").Read();
            return rows.Next() ? new LogState(rows.Int() != 0, rows.Number(), rows.Number()) : default;
        }
        finally
        {
            _ = raw.sqlite3_busy_timeout(_connection.Handle!, _busyMilliseconds);
        }
    }

    /// <summary>These texts are not asked any more; what they are about is to be dropped.</summary>
    public void Forget(params ReadOnlySpan<string> texts)
    {
        foreach (var sql in texts)
        {
            _constants.Remove(sql);

            if (_statements.Remove(sql, out var statement))
            {
                statement.Dispose();
            }
        }
    }

    private Statement Find(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            _statements[sql] = statement = new Statement(_connection, sql);
        }

        return statement;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }
}
