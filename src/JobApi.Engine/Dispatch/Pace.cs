namespace JobApi.Engine.Dispatch;

/// <summary>
/// How many jobs beyond its idle workers a node should claim: as many as its workers finish while a claim is on its way. Handlers that
/// take longer than a claim get none, so a job is claimed ahead only for a moment; without it, workers of short jobs would mostly wait
/// for the disk.
/// </summary>
internal sealed class Pace
{
    /// <summary>The most jobs claimed ahead.</summary>
    public const int MaxAhead = 4_000;

    /// <summary>What is claimed ahead is what ends within this time at the most, in seconds: a job that is claimed begins soon.</summary>
    private const double MaxSpan = 0.1;

    /// <summary>What the latest measurement counts against all before it.</summary>
    private const double Weight = 0.25;

    /// <summary>No attempt is taken for shorter, in seconds: below it, the measure would be noise.</summary>
    private const double ShortestAttempt = 10e-6;

    // Added to by whoever measures, taken by the dispatcher.
    private readonly Sum _attempts = new();
    private readonly Sum _claims = new();

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

    /// <summary>A worker was busy with an attempt for this long: with the handler, and with passing its end on.</summary>
    public void Ended(TimeSpan attempt) => _attempts.Add(attempt);

    /// <summary>A claim took this long, be it the dispatcher's or one made with a submission.</summary>
    public void Claimed(TimeSpan claim) => _claims.Add(claim);

    /// <summary>
    /// Jobs that were claimed ahead have waited this long: something in the workers' hands takes its time. Said again and again, it ends looking ahead,
    /// however many workers there are.
    /// </summary>
    public void Stalled(TimeSpan waited) => _attempt = Math.Max(2 * _attempt ?? 0, waited.TotalSeconds);

    /// <summary>Whether an attempt has ended since <see cref="Ahead"/> was last asked for.</summary>
    public bool IsLively => _attempts.Count > 0;

    /// <summary>How far to look ahead now.</summary>
    public int Ahead()
    {
        if (_attempts.TakeMean() is { } attempt)
        {
            _attempt = _attempt is { } known ? Mix(known, attempt) : attempt;
        }

        if (_claims.TakeMean() is { } claim)
        {
            _claim = Mix(_claim, claim);
        }

        return _attempt is { } each ? (int)Math.Min(Workers * Math.Min(_claim, MaxSpan) / Math.Max(each, ShortestAttempt), MaxAhead) : 0;
    }

    private static double Mix(double known, double latest) => known + Weight * (latest - known);

    /// <summary>Times that many add to and one takes.</summary>
    private sealed class Sum
    {
        private long _count;
        private long _ticks;

        public long Count => Volatile.Read(ref _count);

        public void Add(TimeSpan time)
        {
            Interlocked.Add(ref _ticks, time.Ticks);
            Interlocked.Increment(ref _count);
        }

        /// <summary>Their mean, in seconds; null when there were none.</summary>
        public double? TakeMean() => Interlocked.Exchange(ref _count, 0) is > 0 and var count
            ? TimeSpan.FromTicks(Interlocked.Exchange(ref _ticks, 0) / count).TotalSeconds
            : null;
    }
}
