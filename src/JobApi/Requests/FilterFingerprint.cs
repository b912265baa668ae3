using System.Globalization;
using JobApi.Engine.Storage;

namespace JobApi.Requests;

/// <summary>A filter in one fixed wording, the same whatever the order the caller wrote it in: what a page token is bound to.</summary>
internal static class FilterFingerprint
{
    public static string Of(JobFilter filter) => string.Create(
        CultureInfo.InvariantCulture,
        $"{string.Join(',', (filter.States ?? new HashSet<Engine.Lifecycle.JobState>()).Order())}|{filter.Type}|{filter.Queue}|{filter.CreatedAfter:O}|{filter.CreatedBefore:O}|{filter.Text}")
        + string.Concat((filter.Tags ?? new Dictionary<string, string>()).OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"&{tag.Key}={tag.Value}"));
}
