using System.Collections.Frozen;

namespace JobApi.Engine.Lifecycle;

/// <summary>What is to change about a job that has not started. What is absent stays.</summary>
public sealed record JobAmendment
{
    /// <summary>Its new priority, -100 to 100.</summary>
    public int? Priority { get; init; }

    /// <summary>When it may start; a moment in the past counts as now.</summary>
    public DateTimeOffset? RunAt { get; init; }

    /// <summary>Tags to set by name; a null takes the tag away. Tags that are not named stay.</summary>
    public IReadOnlyDictionary<string, string?>? Tags { get; init; }

    /// <summary>Whether a job would have more tags than it may.</summary>
    public bool IsTooMuchFor(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return TagsAfter(job.Spec.Tags).Count > JobSpec.MaxTags;
    }

    /// <summary>The tags of a job once they are changed.</summary>
    public IReadOnlyDictionary<string, string> TagsAfter(IReadOnlyDictionary<string, string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);

        if (Tags is not { Count: > 0 })
        {
            return tags;
        }

        var kept = tags.Where(tag => !Tags.ContainsKey(tag.Key));
        var set = Tags.Where(tag => tag.Value is not null).Select(tag => new KeyValuePair<string, string>(tag.Key, tag.Value!));

        return kept.Concat(set).ToFrozenDictionary(StringComparer.Ordinal);
    }
}
