using System.Text;
using SQLitePCL;

namespace JobApi.Sqlite.Database;

/// <summary>A value on its way into a statement: a number, a text, bytes or nothing. Bytes are copied by SQLite, and nowhere else.</summary>
internal readonly struct Value
{
    private const int ShortText = 128;

    private readonly Kind _kind;
    private readonly long _number;
    private readonly string? _text;
    private readonly ReadOnlyMemory<byte> _bytes;

    private Value(Kind kind, long number = 0, string? text = null, ReadOnlyMemory<byte> bytes = default) =>
        (_kind, _number, _text, _bytes) = (kind, number, text, bytes);

    /// <summary>A value that is not bound yet is null to SQLite, and the default here.</summary>
    private enum Kind
    {
        Null,
        Number,
        Text,
        Bytes,
    }

    public static implicit operator Value(long number) => new(Kind.Number, number);

    public static implicit operator Value(long? number) => number is { } some ? some : default(Value);

    public static implicit operator Value(string? text) => text is null ? default : new Value(Kind.Text, text: text);

    public static implicit operator Value(byte[]? bytes) => bytes is null ? default : new Value(Kind.Bytes, bytes: bytes);

    public static implicit operator Value(ReadOnlyMemory<byte> bytes) => new(Kind.Bytes, bytes: bytes);

    public static implicit operator Value(ReadOnlyMemory<byte>? bytes) => bytes is { } some ? some : default(Value);

    /// <summary>Whether a statement that was given the other value need not be given this one. Bytes are never compared.</summary>
    public bool IsStill(in Value other) => _kind == other._kind && _kind != Kind.Bytes && _number == other._number && ReferenceEquals(_text, other._text);

    /// <summary>What to compare the next value with: bytes may be large, so they are not held.</summary>
    public Value ToRemember() => _kind == Kind.Bytes ? new Value(Kind.Bytes) : this;

    /// <summary>Gives the value to a statement.</summary>
    /// <returns>SQLite's result code.</returns>
    public int Bind(sqlite3_stmt statement, int index) => _kind switch
    {
        Kind.Number => Native.Bind(statement.DangerousGetHandle(), index, _number),
        Kind.Text => BindText(statement, index, _text!),
        Kind.Bytes when _bytes.IsEmpty => raw.sqlite3_bind_zeroblob(statement, index, 0),
        Kind.Bytes => Native.BindBlob(statement.DangerousGetHandle(), index, _bytes.Span),
        _ => Native.Bind(statement.DangerousGetHandle(), index),
    };

    private static int BindText(sqlite3_stmt statement, int index, string text)
    {
        if (text.Length is 0 or > ShortText)
        {
            return raw.sqlite3_bind_text(statement, index, text);
        }

        Span<byte> utf8 = stackalloc byte[3 * ShortText];
        return Native.BindText(statement.DangerousGetHandle(), index, utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
    }
}
