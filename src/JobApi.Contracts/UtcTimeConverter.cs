using System.Text.Json;
using System.Text.Json.Serialization;

namespace JobApi.Contracts;

/// <summary>Writes instants as RFC 3339 in UTC (<c>…Z</c>) and reads RFC 3339 with any offset, but not without one: a time without an offset is a guess.</summary>
public sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc />
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TryRead(reader.GetString(), out var instant)
            ? instant
            : throw new JsonException("This is not an RFC 3339 date-time with an offset, such as 2030-01-31T09:30:00Z.");

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.UtcDateTime);
    }

    /// <summary>Reads one instant; also used for query parameters.</summary>
    public static bool TryRead(string? text, out DateTimeOffset instant)
    {
        instant = default;

        // "2030-01-31T09:30:00Z" is the shortest form; the parser itself would also take a bare date or a local time.
        return text is { Length: >= 20 and <= 40 }
            && text[10] is 'T' or 't'
            && (text[^1] is 'Z' or 'z' || (text[^3] == ':' && text[^6] is '+' or '-'))
            && DateTimeOffset.TryParse(
                text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out instant);
    }
}
