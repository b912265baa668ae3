using JobApi.Engine.Dispatch;

namespace JobApi.Engine.Tests.Dispatch;

public sealed class PaceTests
{
    private readonly Pace _pace = new() { Workers = 16 };

    [Fact]
    public void Nothing_is_claimed_ahead_before_both_times_are_known()
    {
        Assert.Equal(0, _pace.Ahead());

        _pace.Ended(TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, _pace.Ahead());
    }

    [Fact]
    public void As_many_jobs_are_claimed_ahead_as_end_during_a_claim()
    {
        Measure(attempt: TimeSpan.FromMilliseconds(1), claim: TimeSpan.FromMilliseconds(4));

        Assert.InRange(_pace.Ahead(), 60, 64);
    }

    [Fact]
    public void A_job_that_takes_longer_than_a_claim_is_not_claimed_ahead_of_its_worker()
    {
        Measure(attempt: TimeSpan.FromSeconds(1), claim: TimeSpan.FromMilliseconds(4));

        Assert.Equal(0, _pace.Ahead());
    }

    [Fact]
    public void Jobs_without_measurable_length_reach_the_bound_and_not_further()
    {
        Measure(attempt: TimeSpan.Zero, claim: TimeSpan.FromMilliseconds(80));

        Assert.Equal(Pace.MaxAhead, _pace.Ahead());
    }

    [Fact]
    public void However_long_a_claim_takes_no_more_is_claimed_ahead_than_ends_in_a_tenth_of_a_second()
    {
        Measure(attempt: TimeSpan.FromMilliseconds(10), claim: TimeSpan.FromSeconds(5));

        Assert.InRange(_pace.Ahead(), 150, 160);
    }

    [Fact]
    public void A_stall_ends_it_until_short_attempts_are_seen_again()
    {
        Measure(attempt: TimeSpan.FromMilliseconds(1), claim: TimeSpan.FromMilliseconds(4));

        _pace.Stalled(TimeSpan.FromMilliseconds(250));
        Assert.Equal(0, _pace.Ahead());

        Measure(attempt: TimeSpan.FromMilliseconds(1), claim: TimeSpan.FromMilliseconds(4));
        Assert.InRange(_pace.Ahead(), 50, 64);
    }

    [Fact]
    public void Stalls_in_a_row_end_it_however_many_workers_there_are()
    {
        var many = new Pace { Workers = 1_000 };
        many.Ended(TimeSpan.FromMilliseconds(1));
        many.Claimed(TimeSpan.FromMilliseconds(40));

        for (var stall = 0; stall < 10 && many.Ahead() > 0; stall++)
        {
            many.Stalled(TimeSpan.FromMilliseconds(250));
        }

        Assert.Equal(0, many.Ahead());
    }

    /// <summary>Long enough for the means to settle.</summary>
    private void Measure(TimeSpan attempt, TimeSpan claim)
    {
        for (var i = 0; i < 40; i++)
        {
            _pace.Ended(attempt);
            _pace.Claimed(claim);
            _pace.Ahead();
        }
    }
}
