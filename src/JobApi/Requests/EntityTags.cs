using System.Globalization;
using JobApi.Engine.Lifecycle;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace JobApi.Requests;

/// <summary>
/// A job's version as an entity tag. While a job has not ended, its body also shows what is not part of it (its worker, its place in the queue),
/// so the tag is a weak one; that of an ended job is strong. Both say the version, and either spelling of a version is taken back.
/// </summary>
internal sealed class EntityTags
{
    /// <summary>The tags of the first versions. Few jobs have later ones, so nearly every answer takes its tag from here.</summary>
    private static readonly string[] First = [.. Enumerable.Range(0, 16).Select(version => Write(version))];

    private readonly string[] _tags;

    private EntityTags(params string[] tags) => _tags = tags;

    /// <summary>The tag of a job's body.</summary>
    public static string Of(Job job) => job.State.IsTerminal() ? Of(job.Version) : "W/" + Of(job.Version);

    /// <summary>The versions the caller has; null when it names none that can be read.</summary>
    public static EntityTags? IfNoneMatch(HttpRequest request) => Read(request.Headers.IfNoneMatch);

    /// <summary>The versions the caller wants to change; null when it names none that can be read.</summary>
    public static EntityTags? IfMatch(HttpRequest request) => Read(request.Headers.IfMatch);

    /// <summary>Whether the caller named this version. The comparison is the weak one, as RFC 9110 has it for If-None-Match.</summary>
    public bool Matches(long version)
    {
        var own = Of(version);

        foreach (var tag in _tags)
        {
            if (tag == own || tag == "*")
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the caller has not seen this snapshot of a job.</summary>
    public bool IsNews(Job job) => !Matches(job.Version);

    /// <summary>The versions that were named; null when any will do. What is no tag of ours names a version that no job has.</summary>
    public IReadOnlySet<long>? Versions() => _tags.Contains("*") ? null : _tags
        .Select(tag => long.TryParse(tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0).ToHashSet();

    private static EntityTags? Read(StringValues header) =>
        header.Count == 0 ? null
        : header is [{ } only] && IsOwn(only) ? new EntityTags(only)
        : EntityTagHeaderValue.TryParseList(header, out var tags) && tags.Count > 0 ? new EntityTags([.. tags.Select(tag => tag.Tag.ToString())])
        : null;

    /// <summary>A strong tag of ours and nothing else, as most callers send it, needs no taking apart.</summary>
    private static bool IsOwn(string text) => text is ['"', _, .., '"'] && !text.AsSpan(1..^1).ContainsAnyExceptInRange('0', '9');

    private static string Of(long version) => version < First.Length ? First[version] : Write(version);

    private static string Write(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
}
