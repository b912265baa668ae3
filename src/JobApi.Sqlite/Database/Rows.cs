using Microsoft.Data.Sqlite;

namespace JobApi.Sqlite.Database;

/// <summary>The rows of a query, read column by column from left to right: the order of the calls is the order in the SELECT.</summary>
internal sealed class Rows(SqliteDataReader reader) : IDisposable
{
    private int _column;

    public bool Next()
    {
        _column = 0;
        return reader.Read();
    }

    public long Number() => reader.GetInt64(_column++);

    public int Int() => reader.GetInt32(_column++);

    public string Text() => reader.GetString(_column++);

    public byte[] Bytes() => reader.GetFieldValue<byte[]>(_column++);

    public Guid Id() => new(Bytes(), bigEndian: true);

    public DateTimeOffset Time() => new(Number(), TimeSpan.Zero);

    public long? NumberOrNull() => IsNull() ? null : Number();

    public string? TextOrNull() => IsNull() ? null : Text();

    public byte[]? BytesOrNull() => IsNull() ? null : Bytes();

    public DateTimeOffset? TimeOrNull() => IsNull() ? null : Time();

    public void Dispose() => reader.Dispose();

    private bool IsNull()
    {
        if (!reader.IsDBNull(_column))
        {
            return false;
        }

        _column++;
        return true;
    }
}
