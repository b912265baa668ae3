using System.Net.Http.Headers;

namespace JobApi.Jobs.Safety;

/// <summary>How long a host asks to be left alone.</summary>
internal static class RetryAfter
{
    /// <summary>Reads both forms, a number of seconds and a date; null when there is none. Never negative, never more than <paramref name="max"/>.</summary>
    public static TimeSpan? Read(RetryConditionHeaderValue? header, DateTimeOffset now, TimeSpan max)
    {
        var asked = header?.Delta ?? (header?.Date - now);
        return asked is null ? null : TimeSpan.FromTicks(Math.Clamp(asked.Value.Ticks, 0, max.Ticks));
    }
}
