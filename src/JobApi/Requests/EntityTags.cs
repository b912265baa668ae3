using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace JobApi.Requests;

/// <summary>A job's version as an entity tag.</summary>
internal sealed class EntityTags
{
    private readonly List<string> _tags;

    private EntityTags(List<string> tags) => _tags = tags;

    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>The versions the caller has; null when it names none that can be read.</summary>
    public static EntityTags? IfNoneMatch(HttpRequest request) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var tags) && tags.Count > 0
            ? new EntityTags([.. tags.Select(tag => tag.Tag.ToString())])
            : null;

    /// <summary>Whether the caller has this version. The comparison is the weak one, as RFC 9110 has it for If-None-Match.</summary>
    public bool Matches(long version)
    {
        var own = Of(version);
        return _tags.Exists(tag => tag == own || tag == "*");
    }
}
