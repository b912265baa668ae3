using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage.Searching;

namespace JobApi.Engine.Storage;

/// <summary>What a <see cref="JobFilter"/> means, for stores that look at jobs one by one.</summary>
internal static class JobFilterMatching
{
    public static bool Matches(this JobFilter filter, Job job) =>
        (filter.States is null || filter.States.Contains(job.State))
        && (filter.Type is null || filter.Type == job.Type)
        && (filter.Queue is null || filter.Queue == job.Queue)
        && (filter.CreatedAfter is null || job.Spec.CreatedAt >= filter.CreatedAfter)
        && (filter.CreatedBefore is null || job.Spec.CreatedAt < filter.CreatedBefore)
        && (filter.Tags is null || filter.Tags.All(tag => job.Spec.Tags.TryGetValue(tag.Key, out var value) && value == tag.Value))
        && (filter.Text is null || filter.Text.Matches(SearchText.Of(job)));
}
