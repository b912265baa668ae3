using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace JobApi.Sqlite.Database;

/// <summary>One connection and its prepared statements. One thread at a time.</summary>
internal sealed class Db : IDisposable
{
    /// <summary>The most a statement waits for a lock; only a checkpoint or the recovery of the log takes one that others wait for.</summary>
    private const int BusyMilliseconds = 30_000;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);

    public Db(string path)
    {
        // Never ReadWriteCreate: a missing file must not become an empty store by being opened.
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
        }.ConnectionString);
        _connection.Open();
        _ = raw.sqlite3_busy_timeout(_connection.Handle!, BusyMilliseconds);
    }

    /// <summary>The statement of an SQL text, prepared when it is first asked for.</summary>
    public Statement this[string sql]
    {
        get
        {
            if (!_statements.TryGetValue(sql, out var statement))
            {
                _statements[sql] = statement = new Statement(_connection, sql);
            }

            return statement;
        }
    }

    /// <summary>The SQL texts that were asked for.</summary>
    public IReadOnlyCollection<string> Texts => _statements.Keys;

    /// <summary>Runs SQL that is not run again.</summary>
    public void Execute(string sql)
    {
        using var once = _connection.CreateCommand();
#pragma warning disable CA2100 // Every SQL text here is our own.
        once.CommandText = sql;
#pragma warning restore CA2100
        once.ExecuteNonQuery();
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

    public string Text(string sql)
    {
        using var once = new Statement(_connection, sql);
        using var rows = once.Read();
        return rows.Next() ? rows.Text() : string.Empty;
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
