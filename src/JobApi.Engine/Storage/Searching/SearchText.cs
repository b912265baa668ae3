using System.Collections.Frozen;
using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage.Searching;

/// <summary>What a search looks at: the words of a job's payload, tags and error, in this order, as every store sees them.</summary>
public static class SearchText
{
    /// <summary>Only so many bytes of a payload are searched, from its beginning.</summary>
    public const int MaxPayloadBytes = 16 * 1024;

    /// <summary>The words of a job: small, without accents, one space before, between and behind them.</summary>
    public static string Of(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return Of(job.Spec.Payload.Span, job.Spec.Tags, job.Error);
    }

    /// <inheritdoc cref="Of(Job)" />
    /// <param name="payload">JSON; may be cut off behind <see cref="MaxPayloadBytes"/>.</param>
    /// <param name="tags">Names and values.</param>
    /// <param name="error">Why the latest attempt failed.</param>
    public static string Of(ReadOnlySpan<byte> payload, IReadOnlyDictionary<string, string>? tags, JobError? error)
    {
        var words = new WordWriter();
        words.AddJson(payload.Length > MaxPayloadBytes ? payload[..MaxPayloadBytes] : payload);

        // In one order, whoever kept them: words side by side are part of what is asked for.
        foreach (var (name, value) in (tags ?? FrozenDictionary<string, string>.Empty).OrderBy(tag => tag.Key, StringComparer.Ordinal))
        {
            words.Add(name);
            words.Add(value);
        }

        if (error is not null)
        {
            words.Add(error.Type);
            words.Add(error.Title);
            words.Add(error.Detail);
        }

        return words.ToString();
    }
}
