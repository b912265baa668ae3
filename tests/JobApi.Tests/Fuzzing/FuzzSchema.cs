using System.Globalization;
using System.Text.Json;
using CsCheck;

namespace JobApi.Tests.Fuzzing;

/// <summary>JSON that keeps to a schema of the API description, its bounds included, but for a value now and then that is just beyond one.</summary>
internal sealed class FuzzSchema(JsonElement document)
{
    /// <summary>
    /// Members whose whole range would let time decide what a later request is answered (a job expires, or is forgotten, between two requests), or would let
    /// jobs run. Values from here are as valid as any others.
    /// </summary>
    private static readonly Dictionary<string, string[]> Tame = new(StringComparer.Ordinal)
    {
        ["expiresInSeconds"] = ["3600", "31622400", "86400.5"],
        ["retentionSeconds"] = ["3600", "31622400", "86400.5"],
        ["minWorkers"] = ["1"],
        ["maxWorkers"] = ["1", "2"],
        ["q"] = ["\"nirgends\"", "\"\\\"zz zz\\\" qq*\""],
        ["url"] = ["\"http://192.0.2.1/picture.jpg\"", "\"https://example.invalid/\""],
    };

    /// <summary>How many values of a hundred are just beyond a bound, where a check that is left out shows.</summary>
    private const int BeyondBounds = 4;

    private static readonly string[] Names = ["a", "größe", "a/b~c", "tag.x", "A"];

    private static readonly string[] Texts =
        ["", "a", "hello", "größe", "😀", "\u202eback", "e\u0301", "\ufeff", "a\u2028b", "' OR 1=1 --", "%_*", "\"*\" OR", "../../etc", "<b>", "null", "0", "\\", "\t\n", "\u007f", "\ud7ff", "\uffff", "ﷺ"];

    /// <summary>A value for a schema, as JSON text.</summary>
    public string Json(JsonElement schema, Dice dice, string? member = null)
    {
        schema = Resolve(schema);

        if (member is not null && Tame.TryGetValue(member, out var values))
        {
            return dice.Of(values);
        }

        if (schema.TryGetProperty("oneOf", out var choices))
        {
            return Json(choices[dice.Below(choices.GetArrayLength())], dice);
        }

        if (schema.TryGetProperty("const", out var constant))
        {
            return constant.GetRawText();
        }

        if (schema.TryGetProperty("enum", out var words))
        {
            return words[dice.Below(words.GetArrayLength())].GetRawText();
        }

        return dice.Of(Types(schema)) switch
        {
            "null" => "null",
            "boolean" => dice.Of("true", "false"),
            "integer" => Whole(schema, dice),
            "number" => Number(schema, dice),
            "string" => JsonSerializer.Serialize(Text(schema, dice)),
            "array" => Array(schema, dice),
            "object" => Object(schema, dice),
            _ => dice.Of("null", "true", "-0", "1e400", "\"\"", "[]", "{}", "[[[]]]", "{\"a\":{\"b\":[1,2,{\"c\":null}]}}", "123456789012345678901234567890"),
        };
    }

    /// <summary>A text for a schema, as it is; for a query, a header or a path.</summary>
    public string Text(JsonElement schema, Dice dice)
    {
        schema = Resolve(schema);

        if (schema.TryGetProperty("enum", out var words))
        {
            return words[dice.Below(words.GetArrayLength())].ToString();
        }

        switch (schema.TryGetProperty("format", out var format) ? format.GetString() : null)
        {
            case "uuid":
                return dice.Draw(Gen.Guid).ToString();
            case "date-time":
                return dice.Of("1970-01-01T00:00:00Z", "2020-02-29T23:59:59.9999999Z", "0001-01-01T00:00:00Z", "2026-12-31t23:59:59+14:00", "2001-01-01T00:00:00.123456789-12:00");
            case "uri":
                return dice.Of("http://192.0.2.1/", "https://example.invalid/a?b#c");
        }

        if (schema.TryGetProperty("pattern", out _))
        {
            // The only pattern so far is that of a queue's name.
            return dice.Of("default", "other", "a", "z9._-", new string('q', 64));
        }

        var least = schema.TryGetProperty("minLength", out var min) ? min.GetInt32() : 0;
        var most = Math.Min(schema.TryGetProperty("maxLength", out var max) ? max.GetInt32() : 64, 600);
        var text = dice.Chance(5) ? new string('x', most) : dice.Of(Texts);

        return dice.Chance(BeyondBounds) ? new string('x', most + 1)
            : text.Length < least ? text.PadRight(least, 'x')
            : text.Length > most ? new string('x', most)
            : text;
    }

    /// <summary>A number just beyond a bound of its schema; null when it has none.</summary>
    public static string? Beyond(JsonElement schema, Dice dice) =>
        schema.TryGetProperty("minimum", out var least) && schema.TryGetProperty("maximum", out var most) && least.TryGetDecimal(out var min) && most.TryGetDecimal(out var max)
            ? dice.Of(min - 1, max + 1).ToString(CultureInfo.InvariantCulture)
            : null;

    public JsonElement Resolve(JsonElement schema) => schema.TryGetProperty("$ref", out var reference)
        ? Resolve(reference.GetString()!.Split('/').Skip(1).Aggregate(document, (element, name) => element.GetProperty(name)))
        : schema;

    private static string[] Types(JsonElement schema) => !schema.TryGetProperty("type", out var type) ? ["any"]
        : type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(one => one.GetString()!)]
        : [type.GetString()!];

    private static string Whole(JsonElement schema, Dice dice)
    {
        if (dice.Chance(BeyondBounds) && Beyond(schema, dice) is { } beyond)
        {
            return beyond;
        }

        var (least, most) = (schema.GetProperty("minimum").GetInt64(), schema.GetProperty("maximum").GetInt64());
        return dice.Of(least, most, dice.Draw(least == long.MinValue ? Gen.Long : Gen.Long[least, most])).ToString(CultureInfo.InvariantCulture);
    }

    private static string Number(JsonElement schema, Dice dice)
    {
        var least = schema.TryGetProperty("minimum", out var min) ? min.GetDouble() : -1e9;
        var most = schema.TryGetProperty("maximum", out var max) ? max.GetDouble() : 1e9;
        return dice.Of(least, most, dice.Chance(BeyondBounds) ? dice.Of(least - 1, most + 1) : dice.Draw(Gen.Double[least, most])).ToString("R", CultureInfo.InvariantCulture);
    }

    private string Array(JsonElement schema, Dice dice)
    {
        var most = Math.Min(schema.TryGetProperty("maxItems", out var max) ? max.GetInt32() : 4, 4);
        var least = schema.TryGetProperty("minItems", out var min) ? min.GetInt32() : 0;
        return $"[{string.Join(',', Enumerable.Range(0, least + dice.Below(most - least + 1)).Select(_ => Json(schema.GetProperty("items"), dice)))}]";
    }

    private string Object(JsonElement schema, Dice dice)
    {
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()!).ToHashSet() : [];
        var members = new List<string>();

        foreach (var member in schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject() : default)
        {
            if (required.Contains(member.Name) || dice.Chance(25))
            {
                members.Add($"\"{member.Name}\":{Json(member.Value, dice, member.Name)}");
            }
        }

        if (schema.TryGetProperty("additionalProperties", out var more) && more.ValueKind == JsonValueKind.Object)
        {
            members.AddRange(Names.Where(_ => dice.Chance(25)).Select(name => $"{JsonSerializer.Serialize(name)}:{Json(more, dice)}"));
        }

        return $"{{{string.Join(',', members)}}}";
    }
}
