using FluentValidation;
using JobApi.Engine.Lifecycle;

namespace JobApi.Validation;

/// <summary>What holds for the labels of a job, wherever they are given.</summary>
internal static class TagRules
{
    public const int MaxNameLength = 64;
    public const int MaxValueLength = 256;

    /// <param name="tags">The tags by name.</param>
    /// <param name="context">Takes what is wrong with them.</param>
    /// <param name="canBeNull">Whether a tag without a value means something.</param>
    public static void Check<TValue, TRequest>(IReadOnlyDictionary<string, TValue>? tags, ValidationContext<TRequest> context, bool canBeNull = false)
    {
        if (tags?.Count > JobSpec.MaxTags)
        {
            context.AddFailure("/tags", $"A job has at most {JobSpec.MaxTags} tags.");
        }

        foreach (var (name, value) in tags ?? new Dictionary<string, TValue>())
        {
            if (name.Length is 0 or > MaxNameLength)
            {
                context.AddFailure("/tags", $"A tag's name has 1 to {MaxNameLength} characters.");
            }
            else if (value is null ? !canBeNull : value is string { Length: > MaxValueLength })
            {
                var segment = name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
                context.AddFailure("/tags/" + segment, $"A tag's value is text of at most {MaxValueLength} characters.");
            }
        }
    }
}
