using System.Text;
using System.Text.Json;

namespace JobApi.Jobs.Validation;

/// <summary>Turns the names FluentValidation reports into JSON pointers (RFC 6901).</summary>
internal static class JsonPointer
{
    /// <summary>
    /// <c>Lines[2].UnitPrice</c> becomes <c>/lines/2/unitPrice</c>. A rule that knows the place better, such as a dictionary's key,
    /// reports a pointer itself; a name that begins with a slash is kept as it is.
    /// </summary>
    public static string FromProperty(string? name)
    {
        if (string.IsNullOrEmpty(name) || name[0] == '/')
        {
            return name ?? string.Empty;
        }

        var pointer = new StringBuilder();

        foreach (var segment in name.Split('.', '['))
        {
            pointer.Append('/').Append(Escape(segment.EndsWith(']') ? segment[..^1] : JsonNamingPolicy.CamelCase.ConvertName(segment)));
        }

        return pointer.ToString();
    }

    /// <summary>Makes a member's name usable as one segment of a pointer.</summary>
    public static string Escape(string segment) => segment.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
