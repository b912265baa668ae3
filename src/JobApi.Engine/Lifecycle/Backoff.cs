namespace JobApi.Engine.Lifecycle;

/// <summary>How the pause between attempts grows.</summary>
public enum BackoffKind
{
    /// <summary>Doubles with every failure.</summary>
    Exponential,

    /// <summary>Grows by <see cref="Backoff.Base"/> with every failure.</summary>
    Linear,

    /// <summary>Always <see cref="Backoff.Base"/>.</summary>
    Constant,
}

/// <summary>The durable pause between a failed attempt and the next one. It never exceeds <see cref="Max"/> and is never negative.</summary>
/// <param name="Kind">How the pause grows with the number of failures.</param>
/// <param name="Base">The pause after the first failure.</param>
/// <param name="Max">The longest pause, jitter included.</param>
public sealed record Backoff(BackoffKind Kind, TimeSpan Base, TimeSpan Max)
{
    /// <summary>Exponential from 2 s to 10 min: four attempts span about half a minute, ten about an hour.</summary>
    public static Backoff Default { get; } = new(BackoffKind.Exponential, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(10));

    /// <summary>
    /// The pause before the next attempt. Half of it is fixed and half is drawn ("equal jitter", Brooker, AWS Architecture
    /// Blog, 2015), so that jobs that failed together do not come back together.
    /// </summary>
    /// <param name="failures">Failures so far, the one just made included; below 1 counts as 1.</param>
    /// <param name="jitter">A draw from [0, 1); outside it is clamped.</param>
    public TimeSpan Delay(int failures, double jitter)
    {
        var step = Math.Max(failures, 1);
        var factor = Kind switch
        {
            BackoffKind.Exponential => Math.Pow(2, Math.Min(step - 1, 1_000)),
            BackoffKind.Linear => step,
            _ => 1,
        };

        // In double all the way to the cap, where a TimeSpan would long have overflowed. The power stays finite, for zero times infinity is no number.
        var ceiling = Math.Clamp(Base.TotalSeconds * factor, 0, Math.Max(Max.TotalSeconds, 0));
        var drawn = double.IsNaN(jitter) ? 0 : Math.Clamp(jitter, 0, 1);

        return TimeSpan.FromSeconds(ceiling / 2 * (1 + drawn));
    }
}
