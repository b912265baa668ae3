using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace JobApi.Contracts;

/// <summary>
/// Writes instants as RFC 3339 in UTC (<c>…Z</c>) and reads RFC 3339 with any offset, but not without one: a time without an offset is
/// a guess.
/// </summary>
public sealed partial class UtcTimeConverter : JsonConverter<DateTimeOffset>
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

        // The parser itself would also take a bare date, a local time, white space and single digits.
        return text is { Length: <= 40 }
            && Rfc3339().IsMatch(text)
            && DateTimeOffset.TryParse(
                text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out instant);
    }

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Rfc3339();
}
