using CsCheck;
using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Tests.Lifecycle;

public sealed class BackoffTests
{
    private static readonly Gen<double> Jitters = Gen.Frequency(
        (8, (IGen<double>)Gen.Double[0, 1]),
        (1, Gen.OneOf(double.NaN, double.NegativeInfinity, double.PositiveInfinity, -1, 2, double.MaxValue)));

    private static readonly Gen<Backoff> Backoffs = Gen.Select(Gen.Enum<BackoffKind>(), Gen.Int[1, 100_000], Gen.Int[1, 1_000_000],
        (kind, @base, max) => new Backoff(kind, TimeSpan.FromMilliseconds(@base), TimeSpan.FromMilliseconds(max)));

    private static readonly Gen<Backoff> InsaneBackoffs = Gen.Select(Gen.Enum<BackoffKind>(), Gen.Long, Gen.Long,
        (kind, @base, max) => new Backoff(kind, new TimeSpan(@base), new TimeSpan(max)));

    [Fact]
    public void No_pause_is_negative_or_longer_than_the_longest_whatever_comes_in() =>
        Gen.Select(InsaneBackoffs, Gen.Int, Jitters).Sample((backoff, failures, jitter) =>
        {
            var delay = backoff.Delay(failures, jitter);

            Assert.True(delay >= TimeSpan.Zero);

            // A double holds 53 bits, so near the end of TimeSpan the bound is kept to a few hundred microseconds.
            Assert.True(delay.TotalSeconds <= Math.Max(backoff.Max.TotalSeconds, 0) * (1 + 1e-12));
        });

    [Fact]
    public void The_ceiling_never_falls_as_failures_grow() =>
        Gen.Select(Backoffs, Gen.Int[1, 2_000]).Sample((backoff, failures) =>
            Assert.True(backoff.Delay(failures + 1, 1) >= backoff.Delay(failures, 1)));

    [Fact]
    public void The_pause_reaches_the_longest_and_stays_there() =>
        Backoffs.Where(backoff => backoff.Kind != BackoffKind.Constant).Sample(backoff =>
            Assert.Equal(backoff.Max.TotalSeconds, backoff.Delay(int.MaxValue, 1).TotalSeconds, tolerance: 1e-6));

    [Fact]
    public void Half_of_the_pause_is_fixed_and_half_is_drawn() =>
        Gen.Select(Backoffs, Gen.Int[1, 100], Gen.Double[0, 1]).Sample((backoff, failures, jitter) =>
        {
            var ceiling = backoff.Delay(failures, 1).TotalSeconds;

            Assert.Equal(ceiling / 2 * (1 + jitter), backoff.Delay(failures, jitter).TotalSeconds, tolerance: 1e-6);
        });

    [Theory]
    [InlineData(BackoffKind.Exponential, 1, 1)]
    [InlineData(BackoffKind.Exponential, 2, 2)]
    [InlineData(BackoffKind.Exponential, 4, 8)]
    [InlineData(BackoffKind.Linear, 4, 4)]
    [InlineData(BackoffKind.Constant, 4, 1)]
    [InlineData(BackoffKind.Exponential, 60, 100)]
    [InlineData(BackoffKind.Linear, 0, 1)]
    [InlineData(BackoffKind.Linear, int.MinValue, 1)]
    public void Each_kind_grows_in_its_way(BackoffKind kind, int failures, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new Backoff(kind, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(100)).Delay(failures, 1));

    [Fact]
    public void No_pause_stays_none_however_often_it_is_doubled() =>
        Assert.Equal(TimeSpan.Zero, new Backoff(BackoffKind.Exponential, TimeSpan.Zero, TimeSpan.FromMinutes(1)).Delay(5_000, 1));
}
