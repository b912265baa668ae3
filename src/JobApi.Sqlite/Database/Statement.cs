using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace JobApi.Sqlite.Database;

/// <summary>
/// A prepared statement, run again and again with other values. Values are given in the order in which their names first appear in the SQL.
/// It speaks to SQLite without the command classes of the driver, which look every parameter up by name and box it, each time.
/// </summary>
internal sealed class Statement : IDisposable
{
    /// <summary>SQLITE_STMTSTATUS_RUN.</summary>
    private const int RunCount = 6;

    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _statement;
    private readonly Rows _rows;

    // What SQLite still has from the run before: most values of most runs are the same again.
    private readonly Value[] _bound;

    public Statement(SqliteConnection connection, string sql)
    {
        _db = connection.Handle!;
        Check(raw.sqlite3_prepare_v3(_db, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
        _rows = new Rows(this, _statement);
        _bound = new Value[raw.sqlite3_bind_parameter_count(_statement)];
    }

    /// <summary>How often it has been run; SQLite counts.</summary>
    public int Runs => raw.sqlite3_stmt_status(_statement, RunCount, 0);

    public Statement With(params ReadOnlySpan<Value> values)
    {
        for (var index = 0; index < values.Length; index++)
        {
            if (!values[index].IsStill(_bound[index]))
            {
                Check(values[index].Bind(_statement, index + 1));
                _bound[index] = values[index].ToRemember();
            }
        }

        return this;
    }

    /// <summary>Runs it to its end.</summary>
    /// <returns>The number of rows it changed.</returns>
    public int Run()
    {
        try
        {
            while (Step())
            {
            }

            return raw.sqlite3_changes(_db);
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>The rows. The caller disposes them before this statement runs again.</summary>
    public Rows Read() => _rows;

    /// <summary>The first column of the first row; null when there is no row or no value.</summary>
    public long? Number()
    {
        using var rows = Read();
        return rows.Next() ? rows.NumberOrNull() : null;
    }

    /// <summary>The first column of every row.</summary>
    public List<long> Numbers()
    {
        using var rows = Read();
        var numbers = new List<long>();

        while (rows.Next())
        {
            numbers.Add(rows.Number());
        }

        return numbers;
    }

    public void Dispose() => _statement.Dispose();

    /// <summary>Goes on to the next row; false when there is none.</summary>
    internal bool Step()
    {
        switch (raw.sqlite3_step(_statement))
        {
            case raw.SQLITE_ROW:
                return true;
            case raw.SQLITE_DONE:
                return false;
            case var error:
                throw Error(error);
        }
    }

    // Its answer is the error of the step before, which was thrown already.
    internal void Reset() => _ = raw.sqlite3_reset(_statement);

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw Error(code);
        }
    }

    private SqliteException Error(int code) =>
        new($"SQLite error {code}: {raw.sqlite3_errmsg(_db).utf8_to_string()}", code & 0xFF, raw.sqlite3_extended_errcode(_db));
}
