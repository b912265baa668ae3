using SQLitePCL;

namespace JobApi.Sqlite.Database;

/// <summary>The rows of a query, read column by column from left to right: the order of the calls is the order in the SELECT.</summary>
internal sealed class Rows(Statement statement, sqlite3_stmt row) : IDisposable
{
    private int _column;

    public bool Next()
    {
        _column = 0;
        return statement.Step();
    }

    public long Number() => Native.Number(row.DangerousGetHandle(), _column++);

    public int Int() => checked((int)Number());

    public string Text() => raw.sqlite3_column_text(row, _column++).utf8_to_string();

    public byte[] Bytes() => raw.sqlite3_column_blob(row, _column++).ToArray();

    public Guid Id() => new(raw.sqlite3_column_blob(row, _column++), bigEndian: true);

    public DateTimeOffset Time() => new(Number(), TimeSpan.Zero);

    public long? NumberOrNull() => IsNull() ? null : Number();

    public string? TextOrNull() => IsNull() ? null : Text();

    public byte[]? BytesOrNull() => IsNull() ? null : Bytes();

    public DateTimeOffset? TimeOrNull() => IsNull() ? null : Time();

    public void Dispose() => statement.Reset();

    private bool IsNull()
    {
        if (Native.TypeOf(row.DangerousGetHandle(), _column) != raw.SQLITE_NULL)
        {
            return false;
        }

        _column++;
        return true;
    }
}
