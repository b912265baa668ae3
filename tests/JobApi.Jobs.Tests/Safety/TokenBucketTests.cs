using CsCheck;
using JobApi.Jobs.Safety;
using Microsoft.Extensions.Time.Testing;

namespace JobApi.Jobs.Tests.Safety;

public sealed class TokenBucketTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_burst_passes_and_then_the_rate_holds()
    {
        var bucket = new TokenBucket(perSecond: 2, burst: 3, _time);

        Assert.Equal(3, Enumerable.Range(0, 3).Count(_ => bucket.TryTake(out var _)));
        Assert.False(bucket.TryTake(out var wait));
        Assert.Equal(TimeSpan.FromSeconds(0.5), wait);

        _time.Advance(wait);
        Assert.True(bucket.TryTake(out _));
        Assert.False(bucket.TryTake(out _));
    }

    [Fact]
    public void Those_turned_away_get_turns_one_behind_the_other()
    {
        var bucket = new TokenBucket(perSecond: 1, burst: 1, _time);
        bucket.TryTake(out _);

        var turns = Enumerable.Range(0, 3).Select(_ => bucket.TryTake(out var wait) ? TimeSpan.Zero : wait);

        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3)], turns);
    }

    [Fact]
    public void No_wait_is_longer_than_a_minute()
    {
        var bucket = new TokenBucket(perSecond: 0.01, burst: 1, _time);
        bucket.TryTake(out _);

        bucket.TryTake(out var wait);

        Assert.Equal(TimeSpan.FromMinutes(1), wait);
    }

    [Fact]
    public void In_no_stretch_of_time_more_pass_than_burst_and_rate_allow() =>
        Gen.Select(Gen.Double[0.1, 50], Gen.Int[1, 20], Gen.Int[0, 400].Array[1, 200]).Sample((rate, burst, pauses) =>
        {
            var time = new FakeTimeProvider();
            var start = time.GetTimestamp();
            var bucket = new TokenBucket(rate, burst, time);
            var passed = new List<double>();

            foreach (var pause in pauses)
            {
                time.Advance(TimeSpan.FromMilliseconds(pause));

                if (bucket.TryTake(out _))
                {
                    passed.Add(time.GetElapsedTime(start).TotalSeconds);
                }
            }

            for (var i = 0; i < passed.Count; i++)
            {
                Assert.True(passed.Count - i <= burst + (rate * (passed[^1] - passed[i])) + 0.001);
            }
        });
}
