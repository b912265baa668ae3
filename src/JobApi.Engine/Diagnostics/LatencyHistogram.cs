using System.Numerics;

namespace JobApi.Engine.Diagnostics;

/// <summary>
/// A lock-free distribution of durations: 16 buckets to every power of two microseconds, so a percentile is off by at most 4 %.
/// The layout is that of HdrHistogram (Tene) with one significant hexadecimal digit. Its size never grows.
/// </summary>
internal sealed class LatencyHistogram
{
    /// <summary>Upper bounds, in seconds, of the cumulative buckets that monitoring systems read.</summary>
    public static readonly double[] Bounds =
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

    private const int SubBits = 4;
    private const int Sub = 1 << SubBits;

    private readonly long[] _fine = new long[(64 - SubBits) * Sub];
    private readonly long[] _coarse = new long[Bounds.Length + 1];
    private long _count;
    private long _sumTicks;
    private long _maxTicks;

    /// <summary>Adds one duration; a negative one counts as zero.</summary>
    public void Record(TimeSpan duration)
    {
        var ticks = Math.Max(duration.Ticks, 0);

        Interlocked.Increment(ref _fine[IndexOf((ulong)ticks / TimeSpan.TicksPerMicrosecond)]);
        Interlocked.Increment(ref _coarse[CoarseIndexOf(ticks / (double)TimeSpan.TicksPerSecond)]);
        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _sumTicks, ticks);

        for (var max = Volatile.Read(ref _maxTicks); ticks > max;)
        {
            max = Interlocked.CompareExchange(ref _maxTicks, ticks, max) is var seen && seen == max ? ticks : seen;
        }
    }

    /// <summary>The mean of what was recorded, without a walk over the buckets; zero when there is nothing.</summary>
    public TimeSpan Mean => Volatile.Read(ref _count) is > 0 and var count ? new TimeSpan(Volatile.Read(ref _sumTicks) / count) : TimeSpan.Zero;

    /// <summary>The figures now. Durations recorded meanwhile may be in some of them and not yet in others.</summary>
    public DurationFigures Figures()
    {
        var max = Volatile.Read(ref _maxTicks) / (double)TimeSpan.TicksPerMillisecond;
        var (p50, p95, p99) = Percentiles();
        var buckets = new (double, long)[Bounds.Length];
        var below = 0L;

        for (var i = 0; i < Bounds.Length; i++)
        {
            buckets[i] = (Bounds[i], below += Volatile.Read(ref _coarse[i]));
        }

        // The count is what the buckets add up to, so that a scrape is consistent in itself.
        var count = below + Volatile.Read(ref _coarse[^1]);
        var sum = Volatile.Read(ref _sumTicks) / (double)TimeSpan.TicksPerMillisecond;
        return new DurationFigures(count, sum, Math.Min(p50, max), Math.Min(p95, max), Math.Min(p99, max), max) { Buckets = buckets };
    }

    private (double P50, double P95, double P99) Percentiles()
    {
        var total = 0L;

        foreach (ref var bucket in _fine.AsSpan())
        {
            total += Volatile.Read(ref bucket);
        }

        return total == 0 ? default : (ValueAt(0.5, total), ValueAt(0.95, total), ValueAt(0.99, total));
    }

    private double ValueAt(double quantile, long total)
    {
        var rank = (long)Math.Ceiling(quantile * total);
        var seen = 0L;

        for (var i = 0; i < _fine.Length; i++)
        {
            seen += Volatile.Read(ref _fine[i]);

            if (seen >= rank)
            {
                return MiddleOf(i) / 1_000;
            }
        }

        return MiddleOf(_fine.Length - 1) / 1_000;
    }

    private static int IndexOf(ulong microseconds)
    {
        if (microseconds < Sub)
        {
            return (int)microseconds;
        }

        var exponent = BitOperations.Log2(microseconds);
        return ((exponent - SubBits + 1) << SubBits) + (int)((microseconds >> (exponent - SubBits)) & (Sub - 1));
    }

    /// <summary>The middle of a bucket, in microseconds.</summary>
    private static double MiddleOf(int index)
    {
        if (index < Sub)
        {
            return index + 0.5;
        }

        var shift = (index >> SubBits) - 1;
        return Math.ScaleB(Sub + (index & (Sub - 1)) + 0.5, shift);
    }

    private static int CoarseIndexOf(double seconds)
    {
        var at = Array.BinarySearch(Bounds, seconds);
        return at < 0 ? ~at : at;
    }
}
