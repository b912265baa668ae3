using System.Text.Json;

namespace JobApi.Validation;

/// <summary>
/// A first look at JSON that lets through what is beyond doubt, without allocating: it knows fewer things than
/// <see cref="StrictJson"/> and is never more lenient. What it does not let through may be fine all the same, and is looked at again there.
/// </summary>
internal static class PlainJson
{
    private const int MaxNames = 64;

    /// <summary>Walks over the value at which a reader stands, to its end.</summary>
    /// <param name="reader">Stands on the first token of the value.</param>
    /// <param name="utf8">What the reader reads; valid UTF-8.</param>
    /// <returns>Whether the value is beyond doubt.</returns>
    /// <exception cref="JsonException">This is not JSON, or nested too deep.</exception>
    public static bool TrySkip(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        // The names of all open objects, and for each depth where those of its object begin.
        Span<(int Start, int Length)> names = stackalloc (int, int)[MaxNames];
        Span<int> firsts = stackalloc int[StrictJson.MaxDepth + 2];
        var (count, depth) = (0, 0);

        do
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    firsts[++depth] = count;
                    break;
                case JsonTokenType.StartArray:
                    depth++;
                    break;
                case JsonTokenType.EndObject:
                    count = firsts[depth--];
                    break;
                case JsonTokenType.EndArray:
                    depth--;
                    break;
                case JsonTokenType.PropertyName:
                    var name = ((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);

                    if (reader.ValueIsEscaped || count == MaxNames || IsKnown(names[firsts[depth]..count], name, utf8))
                    {
                        return false;
                    }

                    names[count++] = name;
                    break;
                case JsonTokenType.String when reader.ValueIsEscaped && reader.ValueSpan.IndexOf("\\u"u8) >= 0:
                    return false;
            }
        }
        while (depth > 0 && reader.Read());

        return true;
    }

    private static bool IsKnown(ReadOnlySpan<(int Start, int Length)> names, (int Start, int Length) name, ReadOnlySpan<byte> utf8)
    {
        var text = utf8.Slice(name.Start, name.Length);

        foreach (var (start, length) in names)
        {
            if (length == name.Length && utf8.Slice(start, length).SequenceEqual(text))
            {
                return true;
            }
        }

        return false;
    }
}
