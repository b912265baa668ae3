using System.Text;
using System.Text.Json.Nodes;

namespace JobApi.Tests.Fuzzing;

/// <summary>Ways to spoil a good body.</summary>
internal static class FuzzBreaks
{
    /// <summary>Values that stand where others are expected. None of them turns a time into a short one.</summary>
    private static readonly string[] Odd =
    [
        "null", "true", "\"\"", "\"text\"", "[]", "{}", "-1", "1.5", "-0.0", "1e999", "-1e999", "1E+2", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1e308",
        "123456789012345678901234567890.5", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\ud83d\ude00\"", "\"2030-02-30T00:00:00Z\"", "\"2030-01-01\"",
        "\"9999-12-31T23:59:59.9999999Z\"", "\"0001-01-01T00:00:00+14:00\"", "[null]", "[[]]", "{\"\":{}}", "{\"a\":1,\"a\":2}", "NaN", "01", "+1", ".5", "'a'", "\"\\x\"", "\"\u0001\"", "tru",
    ];

    private static readonly Func<string, Dice, string>[] Ways =
    [
        (json, dice) => json[..dice.Below(json.Length + 1)],
        (json, dice) => json.Remove(dice.Below(json.Length), 1),
        (json, dice) => json.Insert(dice.Below(json.Length + 1), dice.Of("{", "}", "[", "]", "\"", ",", ":", "\\", "\0", "\u00a0", "\ufeff", "//", "/**/", "-", "e", "\ud800", "0", "null")),
        (json, _) => json + json,
        (json, dice) => dice.Of("\ufeff", " \t\r\n", "\u00a0", "\f") + json,
        (json, dice) => json + dice.Of("x", ",", "\0", "{}", "\n\n", "null"),
        (json, dice) => AfterBrace(json, dice, "\"colour\":\"red\","),
        (json, dice) => AfterBrace(json, dice, "\"Type\":\"echo\","),
        (json, dice) => AfterBrace(json, dice, "\"type\":\"echo\","),
        (json, dice) => AfterBrace(json, dice, "\"\":0,"),
        (json, dice) => AfterBrace(json, dice, "\"__proto__\":{},"),
        (json, dice) => AfterBrace(json, dice, $"\"{new string('n', 3_000)}\":1,"),
        (json, dice) => $"{new string('[', dice.Of(1, 31, 32, 33, 64, 5_000))}{json}",
        (json, dice) => Nest(json, dice.Of(1, 30, 31, 32, 33, 200)),
        (_, dice) => dice.Of("", " ", "null", "0", "\"\"", "[]", "{}", "[{}]", "[null]", "\0", "\ud800", "<xml/>", "a=b&c=d"),
        Replace, Replace, Replace, Replace, Replace, Replace, Remove, Remove,
    ];

    public static string Break(string json, Dice dice) => dice.Of(Ways)(json, dice);

    /// <summary>Bytes that are no UTF-8, somewhere in the text.</summary>
    public static byte[] BreakBytes(string json, Dice dice)
    {
        var bytes = Encoding.UTF8.GetBytes(json).ToList();
        bytes.InsertRange(dice.Below(bytes.Count + 1), dice.Of<byte[]>([0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0x80], [0x00]));

        return [.. bytes];
    }

    private static string AfterBrace(string json, Dice dice, string member)
    {
        var braces = Enumerable.Range(0, json.Length).Where(place => json[place] == '{').ToArray();
        return braces.Length == 0 ? member : json.Insert(dice.Of(braces) + 1, member);
    }

    private static string Nest(string json, int levels) => string.Concat(Enumerable.Repeat("{\"payload\":", levels)) + json + new string('}', levels);

    private static string Replace(string json, Dice dice)
    {
        const string Mark = "\"~here~\"";

        if (Places(json) is not { Count: > 0 } places)
        {
            return dice.Of(Odd);
        }

        var root = places[0].Root;
        dice.Of(places).ReplaceWith("~here~");

        return root.ToJsonString().Replace(Mark, dice.Of(Odd), StringComparison.Ordinal);
    }

    private static string Remove(string json, Dice dice)
    {
        if (Places(json) is not { Count: > 0 } places)
        {
            return string.Empty;
        }

        var place = dice.Of(places);
        var root = place.Root;

        switch (place.Parent)
        {
            case JsonObject members:
                members.Remove(place.GetPropertyName());
                break;
            case JsonArray items:
                items.Remove(place);
                break;
        }

        return root.ToJsonString();
    }

    /// <summary>Every value inside the text that has a parent.</summary>
    private static List<JsonNode> Places(string json)
    {
        try
        {
            var places = new List<JsonNode>();
            Collect(JsonNode.Parse(json), places);
            return places;
        }
        catch (System.Text.Json.JsonException)
        {
            return [];
        }
    }

    private static void Collect(JsonNode? node, List<JsonNode> places)
    {
        var children = node switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray items => items,
            _ => [],
        };

        foreach (var child in children.OfType<JsonNode>())
        {
            places.Add(child);
            Collect(child, places);
        }
    }
}
