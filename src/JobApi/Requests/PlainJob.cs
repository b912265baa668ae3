using System.Text.Json;
using System.Text.Unicode;
using JobApi.Validation;

namespace JobApi.Requests;

/// <summary>
/// A submission that says nothing but <c>type</c> and <c>payload</c>, as most of a bulk's do: it is read in one pass and without the general
/// reader. No rule of the envelope can be broken by such a job except the length of its type's name, which is looked at here. Whatever is
/// unusual is left to the strict way, which also finds the words for what is wrong.
/// </summary>
/// <param name="Type">Which kind of job.</param>
/// <param name="Payload">A copy of the payload's bytes.</param>
internal readonly record struct PlainJob(string Type, ReadOnlyMemory<byte> Payload)
{
    private const int MaxTypeLength = 64;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = StrictJson.MaxDepth };

    /// <summary>The submission, or null when the strict way has to read it.</summary>
    public static PlainJob? TryRead(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            return null;
        }

        try
        {
            return Read(utf8);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static PlainJob? Read(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, Options);
        string? type = null;
        byte[]? payload = null;

        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // A member that is not as expected ends the attempt at once: what follows it would be read from the wrong place.
            if (reader.ValueIsEscaped)
            {
                return null;
            }

            var isKnown = type is null && reader.ValueTextEquals("type"u8) ? (type = ReadType(ref reader)) is not null
                : payload is null && reader.ValueTextEquals("payload"u8) && (payload = ReadPayload(ref reader, utf8)) is not null;

            if (!isKnown)
            {
                return null;
            }
        }

        return type is null || payload is null || reader.Read() ? null : new PlainJob(type, payload);
    }

    private static string? ReadType(ref Utf8JsonReader reader) =>
        reader.Read() && reader is { TokenType: JsonTokenType.String, ValueIsEscaped: false, ValueSpan.Length: > 0 and <= MaxTypeLength } ? reader.GetString() : null;

    private static byte[]? ReadPayload(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        if (!reader.Read() || reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        var start = (int)reader.TokenStartIndex;

        return PlainJson.TrySkip(ref reader, utf8) ? utf8[start..(int)reader.BytesConsumed].ToArray() : null;
    }
}
