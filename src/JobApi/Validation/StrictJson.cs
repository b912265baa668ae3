using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using JobApi.Engine.Execution;

namespace JobApi.Validation;

/// <summary>
/// The door for JSON: what passes is UTF-8 without a byte order mark, one complete value, at most <see cref="MaxDepth"/> deep, without
/// duplicate names and without text that databases or other languages cannot hold (lone surrogates, U+0000).
/// </summary>
internal static class StrictJson
{
    public const int MaxDepth = 32;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    /// <summary>The first thing that is wrong; null when nothing is.</summary>
    public static PayloadError? Check(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return new PayloadError(string.Empty, "The body is empty; JSON is needed.");
        }

        if (utf8.StartsWith(Encoding.UTF8.Preamble))
        {
            return new PayloadError(string.Empty, "The body begins with a byte order mark; JSON on the wire has none.");
        }

        if (!Utf8.IsValid(utf8))
        {
            return new PayloadError(string.Empty, "The body is not valid UTF-8.");
        }

        if (IsPlain(utf8))
        {
            return null;
        }

        var place = new JsonPlace();
        var reader = new Utf8JsonReader(utf8, Options);

        try
        {
            while (reader.Read())
            {
                if (Look(ref reader, place) is { } fault)
                {
                    return new PayloadError(place.ToString(), fault);
                }
            }

            return null;
        }
        catch (JsonException exception)
        {
            return new PayloadError(place.ToString(), Explain(exception));
        }
    }

    /// <summary>Most of what comes is fine, and found so without keeping books on where in it we are.</summary>
    private static bool IsPlain(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, Options);

        try
        {
            return reader.Read() && PlainJson.TrySkip(ref reader, utf8) && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string? Look(ref Utf8JsonReader reader, JsonPlace place)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                place.Value();
                place.EnterObject();
                return null;
            case JsonTokenType.StartArray:
                place.Value();
                place.EnterArray();
                return null;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                place.Leave();
                return null;
            case JsonTokenType.PropertyName:
                return TryText(ref reader, out var name) is { } fault ? fault : place.Name(name) ? null : "This member is given twice.";
            case JsonTokenType.String:
                place.Value();

                // Only an escape can spell what UTF-8 itself forbids, so a string without one needs no look.
                return reader.ValueIsEscaped ? TryText(ref reader, out _) : null;
            default:
                place.Value();
                return null;
        }
    }

    private static string? TryText(ref Utf8JsonReader reader, out string text)
    {
        text = string.Empty;

        try
        {
            text = reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "This text has half of a surrogate pair; write the whole character.";
        }

        return text.Contains('\0', StringComparison.Ordinal) ? "This text has the character U+0000, which cannot be stored everywhere." : null;
    }

    private static string Explain(JsonException exception)
    {
        if (exception.Message.Contains("maximum configured depth", StringComparison.Ordinal))
        {
            return $"The body is nested deeper than {MaxDepth} levels.";
        }

        var reason = exception.Message.Split(" LineNumber:", 2)[0];
        return $"This is not JSON: {reason} (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1})";
    }
}
