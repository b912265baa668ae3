using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace JobApi.Engine.Execution;

/// <summary>How payloads are read and results written: strictly, in camelCase, enums as words.</summary>
internal static class JobTypeJson
{
    public static JsonSerializerOptions For(IJsonTypeInfoResolver? resolver)
    {
        // Strict: unknown members, duplicate keys, other casing and missing or null required members are errors.
        var options = new JsonSerializerOptions(JsonSerializerOptions.Strict)
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            MaxDepth = 64,
            TypeInfoResolver = resolver is null
                ? new DefaultJsonTypeInfoResolver()
                : JsonTypeInfoResolver.Combine(resolver, new DefaultJsonTypeInfoResolver()),
        };

        options.Converters.Add(new WordConverters());
        options.MakeReadOnly();
        return options;
    }

    public static JsonNode Schema(JsonTypeInfo type) => type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = static (context, schema) =>
        {
            if (context.TypeInfo.Type == typeof(Files.FileReference) || context.TypeInfo.Type == typeof(Files.FileReference?))
            {
                return new JsonObject { ["type"] = "string", ["format"] = "uuid", ["description"] = "The id of a stored file." };
            }

            var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;

            return type.IsEnum ? Words(schema, type, isNullable: type != context.TypeInfo.Type)
                : type == typeof(int) ? Whole(schema, "int32", int.MinValue, int.MaxValue)
                : type == typeof(long) ? Whole(schema, "int64", long.MinValue, long.MaxValue)
                : schema;
        },
    });

    /// <summary>A number beyond its type cannot be read, so the type's bounds are the payload's.</summary>
    private static JsonNode Whole(JsonNode schema, string format, long least, long greatest)
    {
        if (schema is JsonObject node)
        {
            node["format"] = format;
            node["minimum"] = least;
            node["maximum"] = greatest;
        }

        return schema;
    }

    private static JsonObject Words(JsonNode schema, Type type, bool isNullable)
    {
        var words = new JsonArray([.. Enum.GetValues(type).Cast<Enum>().Distinct().Select(value => (JsonNode)WordConverters.Word(value))]);

        if (isNullable)
        {
            words.Add(null);
        }

        var node = schema as JsonObject ?? [];
        node["enum"] = words;

        return node;
    }

    /// <summary>Says where and what in the caller's words: a JSON pointer, and no names of .NET types.</summary>
    public static PayloadError ToError(JsonException exception)
    {
        var pointer = ToPointer(exception.Path);

        return exception.Message switch
        {
            var message when message.Contains("could not be mapped", StringComparison.Ordinal) => new PayloadError(pointer, "This member is not known."),
            var message when message.StartsWith("Duplicate property", StringComparison.Ordinal) => new PayloadError(pointer, "This member is given twice."),
            var message when message.Contains("missing required properties", StringComparison.Ordinal) =>
                new PayloadError(pointer, $"Required members are missing: {message[(message.LastIndexOf("including:", StringComparison.Ordinal) + 10)..].Trim(' ', '.')}."),
            var message when message.Contains("could not be converted", StringComparison.Ordinal) => new PayloadError(pointer, "This value is of the wrong type or out of range."),
            var message when message.Contains("doesn't allow null", StringComparison.Ordinal) || message.Contains("disallow null", StringComparison.Ordinal) =>
                new PayloadError(pointer, "This member must not be null."),
            var message => new PayloadError(pointer, message.Split(" Path:", 2)[0]),
        };
    }

    /// <summary>Turns System.Text.Json's path (<c>$.a[0]['b.c']</c>) into a JSON pointer (RFC 6901).</summary>
    public static string ToPointer(string? path)
    {
        var pointer = new System.Text.StringBuilder();

        for (var i = 1; i < path?.Length;)
        {
            var (segment, next) = path[i] switch
            {
                '[' when i + 1 < path.Length && path[i + 1] == '\'' => Until(path, i + 2, "']", skip: 2),
                '[' => Until(path, i + 1, "]", skip: 1),
                _ => Member(path, i + 1),
            };

            pointer.Append('/').Append(segment.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));
            i = next;
        }

        return pointer.ToString();
    }

    private static (string Segment, int Next) Until(string path, int from, string end, int skip)
    {
        var at = path.IndexOf(end, from, StringComparison.Ordinal);
        return at < 0 ? (path[from..], path.Length) : (path[from..at], at + skip);
    }

    private static (string Segment, int Next) Member(string path, int from)
    {
        var end = path.AsSpan(from).IndexOfAny('.', '[');
        return end < 0 ? (path[from..], path.Length) : (path[from..(from + end)], from + end);
    }
}
