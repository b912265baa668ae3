namespace JobApi.Engine.Dispatch;

/// <summary>
/// How many jobs beyond its idle workers a node should claim: as many as its workers finish while a claim is on its way. Handlers that
/// take longer than a claim get none, so a job is claimed ahead only for a moment; without it, workers of short jobs would mostly wait
/// for the disk.
/// </summary>
internal sealed class Pace
{
    /// <summary>The most jobs claimed ahead.</summary>
    public const int MaxAhead = 1_000;

    /// <summary>What the latest measurement counts against all before it.</summary>
    private const double Weight = 0.25;

    /// <summary>No attempt is taken for shorter, in seconds: below it, the measure would be noise.</summary>
    private const double ShortestAttempt = 10e-6;

    // Added to by the workers, taken by the dispatcher.
    private long _ended;
    private long _ticks;

    // Owned by the dispatcher. Seconds; nothing is known at first.
    private double? _attempt;
    private double _claim;

    private int _workers;

    /// <summary>How many workers there are.</summary>
    public int Workers
    {
        get => Volatile.Read(ref _workers);
        set => Volatile.Write(ref _workers, value);
    }

    /// <summary>An attempt took this long.</summary>
    public void Ended(TimeSpan attempt)
    {
        Interlocked.Add(ref _ticks, attempt.Ticks);
        Interlocked.Increment(ref _ended);
    }

    /// <summary>A claim took this long.</summary>
    public void Claimed(TimeSpan claim) => _claim = Mix(_claim, claim.TotalSeconds);

    /// <summary>
    /// Jobs that were claimed ahead have waited this long: something in the workers' hands takes its time. Said again and again, it ends looking ahead,
    /// however many workers there are.
    /// </summary>
    public void Stalled(TimeSpan waited) => _attempt = Math.Max(2 * _attempt ?? 0, waited.TotalSeconds);

    /// <summary>How far to look ahead now.</summary>
    public int Ahead()
    {
        if (Interlocked.Exchange(ref _ended, 0) is > 0 and var ended)
        {
            var mean = TimeSpan.FromTicks(Interlocked.Exchange(ref _ticks, 0) / ended).TotalSeconds;
            _attempt = _attempt is { } known ? Mix(known, mean) : mean;
        }

        return _attempt is { } attempt ? (int)Math.Min(Workers * _claim / Math.Max(attempt, ShortestAttempt), MaxAhead) : 0;
    }

    private static double Mix(double known, double latest) => known + Weight * (latest - known);
}
