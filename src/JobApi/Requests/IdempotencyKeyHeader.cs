using System.Reflection;
using System.Text;
using JobApi.Engine.Execution;
using JobApi.Refusals;

namespace JobApi.Requests;

/// <summary>
/// The header <c>Idempotency-Key</c>: a quoted string, as the IETF draft has it, or bare. Both spellings of one key are the same key.
/// </summary>
internal sealed class IdempotencyKeyHeader : IBoundRequest
{
    public const string Name = "Idempotency-Key";
    public const int MaxLength = 255;

    private static readonly IdempotencyKeyHeader Absent = new();

    /// <summary>Null when the caller sent none.</summary>
    public string? Value { get; private init; }

    public Problem? Problem { get; private init; }

    public static ValueTask<IdempotencyKeyHeader?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<IdempotencyKeyHeader?>(context.Request.Headers[Name] switch
        {
            [] => Absent,
            [{ } one] when Read(one.Trim()) is { } key => new IdempotencyKeyHeader { Value = key },
            _ => new IdempotencyKeyHeader
            {
                Problem = Problems.InvalidRequest(new PayloadError(Name, $"This is one key of 1 to {MaxLength} visible ASCII characters, quoted or bare.")),
            },
        });

    private static string? Read(string text)
    {
        var key = text.StartsWith('"') ? Unquote(text) : text;

        return key is { Length: > 0 and <= MaxLength } && key.All(c => c is >= ' ' and <= '~') ? key : null;
    }

    /// <summary>A structured field's string (RFC 9651): only <c>\"</c> and <c>\\</c> are escapes.</summary>
    private static string? Unquote(string text)
    {
        var key = new StringBuilder();

        for (var i = 1; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"':
                    return i == text.Length - 1 ? key.ToString() : null;
                case '\\' when i + 1 < text.Length && text[i + 1] is '"' or '\\':
                    key.Append(text[++i]);
                    break;
                case '\\':
                    return null;
                default:
                    key.Append(text[i]);
                    break;
            }
        }

        return null;
    }
}
