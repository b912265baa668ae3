using System.Diagnostics;

namespace JobApi.Benchmarks.Measures;

/// <summary>One caller, who asks again when the answer is there.</summary>
internal static class OneCaller
{
    /// <summary>How long each of so many calls took, in milliseconds.</summary>
    public static async Task<List<double>> TimesAsync(int calls, Func<Task> call)
    {
        var milliseconds = new List<double>(calls);

        for (var i = 0; i < calls; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await call();
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return milliseconds;
    }
}
