using System.Text.Json;
using System.Text.Json.Serialization;

namespace JobApi.Contracts;

/// <summary>A limit in a change: absent stays as it is, and <c>null</c> is a value of its own. A member of this type is left out while it has its default.</summary>
/// <param name="IsGiven">Whether the request names it.</param>
/// <param name="Value">The limit; none when null.</param>
[JsonConverter(typeof(NewLimitConverter))]
public readonly record struct NewLimit(bool IsGiven, int? Value);

/// <summary>Reads a number or <c>null</c>.</summary>
public sealed class NewLimitConverter : JsonConverter<NewLimit>
{
    /// <inheritdoc />
    public override bool HandleNull => true;

    /// <inheritdoc />
    public override NewLimit Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Null => new NewLimit(true, null),
        JsonTokenType.Number when reader.TryGetInt32(out var value) => new NewLimit(true, value),
        _ => throw new JsonException("This is a whole number or null."),
    };

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, NewLimit value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);

        if (value.Value is { } number)
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
