using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace JobApi.Sqlite.Database;

/// <summary>A prepared statement, run again and again with other values. Values are given in the order in which their names first appear in the SQL.</summary>
internal sealed partial class Statement : IDisposable
{
    private readonly SqliteCommand _command;

    public Statement(SqliteConnection connection, string sql)
    {
        _command = connection.CreateCommand();
#pragma warning disable CA2100 // Every SQL text here is a constant; values are bound.
        _command.CommandText = sql;
#pragma warning restore CA2100

        foreach (var name in Name().Matches(sql).Select(match => match.Value).Distinct())
        {
            _command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }
    }

    public Statement With(params ReadOnlySpan<object?> values)
    {
        for (var index = 0; index < values.Length; index++)
        {
            _command.Parameters[index].Value = values[index] ?? DBNull.Value;
        }

        return this;
    }

    /// <summary>Runs it to its end.</summary>
    /// <returns>The number of rows it changed.</returns>
    public int Run() => _command.ExecuteNonQuery();

    /// <summary>The rows. The caller disposes them before this statement runs again.</summary>
    public Rows Read() => new(_command.ExecuteReader());

    /// <summary>The first column of the first row; null when there is no row or no value.</summary>
    public long? Number() => _command.ExecuteScalar() as long?;

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

    public void Dispose() => _command.Dispose();

    [GeneratedRegex(@"\$\w+")]
    private static partial Regex Name();
}
