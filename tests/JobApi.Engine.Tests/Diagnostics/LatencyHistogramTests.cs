using CsCheck;
using JobApi.Engine.Diagnostics;

namespace JobApi.Engine.Tests.Diagnostics;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void A_percentile_is_off_by_four_percent_at_the_most() => Gen.Long[16, 3_600_000_000L].Array[1, 200].Sample(microseconds =>
    {
        var histogram = new LatencyHistogram();
        Array.ForEach(microseconds, value => histogram.Record(TimeSpan.FromMicroseconds(value)));

        var exact = microseconds.Order().ElementAt((int)Math.Ceiling(0.95 * microseconds.Length) - 1) / 1_000.0;
        var figures = histogram.Figures();

        Assert.InRange(figures.P95Ms, exact * 0.96, exact * 1.04);
    });

    [Fact]
    public void Sum_count_and_maximum_are_exact()
    {
        var histogram = new LatencyHistogram();

        histogram.Record(TimeSpan.FromMilliseconds(2));
        histogram.Record(TimeSpan.FromMilliseconds(4));
        histogram.Record(TimeSpan.FromMilliseconds(-1));

        var figures = histogram.Figures();
        Assert.Equal((3, 6, 4, 2), (figures.Count, figures.SumMs, figures.MaxMs, figures.AverageMs));
    }

    [Fact]
    public void The_buckets_are_cumulative_and_include_their_bound()
    {
        var histogram = new LatencyHistogram();

        histogram.Record(TimeSpan.FromMilliseconds(5));
        histogram.Record(TimeSpan.FromMilliseconds(6));
        histogram.Record(TimeSpan.FromDays(1));

        var buckets = histogram.Figures().Buckets.ToDictionary(bucket => bucket.UpperSeconds, bucket => bucket.Count);
        Assert.Equal((0L, 1L, 2L, 2L), (buckets[0.0025], buckets[0.005], buckets[0.01], buckets[1800]));
        Assert.Equal(3, histogram.Figures().Count);
    }

    [Fact]
    public void An_empty_histogram_says_zero() =>
        Assert.Equal((0, 0, 0, 0), (new LatencyHistogram().Figures() is var figures ? figures.Count : -1, figures.P50Ms, figures.P99Ms, figures.AverageMs));
}
