using CsCheck;
using JobApi.Engine.Workers;

namespace JobApi.Engine.Tests.Workers;

public sealed class PoolScalerTests
{
    private static readonly TimeSpan LongAgo = TimeSpan.FromDays(1);

    private static readonly Gen<WorkerOptions> AnyOptions =
        from min in Gen.Int[1, 50]
        from more in Gen.Int[0, 50]
        from capacity in Gen.Int[1, 1_000]
        from down in Gen.Double[0, 1]
        from up in Gen.Double[0, 1]
        from step in Gen.Int[1, 8]
        select new WorkerOptions
        {
            MinWorkers = min,
            MaxWorkers = min + more,
            ScaleQueueCapacity = capacity,
            ScaleDownBelow = Math.Min(down, up),
            ScaleUpAbove = Math.Max(down, up),
            ScaleStep = step,
        };

    private static readonly Gen<(WorkerOptions Options, int Size, int Claimable, TimeSpan Since)> AnySituation =
        from options in AnyOptions
        from size in Gen.Int[options.MinWorkers, options.MaxWorkers]
        from claimable in Gen.Int[0, 2_000]
        from seconds in Gen.Int[0, 30]
        select (options, size, claimable, TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData(10, 2)]
    [InlineData(11, 3)]
    [InlineData(5, 2)]
    public void The_textbook_queue_of_twenty_grows_the_pool_above_half(int claimable, int expected) =>
        Assert.Equal(expected, PoolScaler.Decide(claimable, 2, LongAgo, new WorkerOptions { MinWorkers = 1, MaxWorkers = 4 }));

    [Theory]
    [InlineData(5, 3)]
    [InlineData(4, 2)]
    [InlineData(0, 2)]
    public void The_textbook_queue_of_twenty_shrinks_the_pool_below_a_quarter(int claimable, int expected) =>
        Assert.Equal(expected, PoolScaler.Decide(claimable, 3, LongAgo, new WorkerOptions { MinWorkers = 1, MaxWorkers = 4 }));

    [Theory]
    [InlineData(1_000, 4.999, 2)]
    [InlineData(1_000, 5, 3)]
    [InlineData(0, 9.999, 2)]
    [InlineData(0, 10, 1)]
    public void Steps_up_are_five_seconds_apart_and_steps_down_ten(int claimable, double seconds, int expected) =>
        Assert.Equal(expected, PoolScaler.Decide(claimable, 2, TimeSpan.FromSeconds(seconds), new WorkerOptions { MinWorkers = 1, MaxWorkers = 4 }));

    [Fact]
    public void The_size_never_leaves_its_bounds() => AnySituation.Sample(it =>
        PoolScaler.Decide(it.Claimable, it.Size, it.Since, it.Options) is var size && size >= it.Options.MinWorkers && size <= it.Options.MaxWorkers);

    [Fact]
    public void A_step_is_never_larger_than_the_step() => AnySituation.Sample(it =>
        Math.Abs(PoolScaler.Decide(it.Claimable, it.Size, it.Since, it.Options) - it.Size) <= it.Options.ScaleStep);

    [Fact]
    public void More_waiting_jobs_never_mean_fewer_workers() => Gen.Select(AnySituation, Gen.Int[0, 500]).Sample((it, more) =>
        PoolScaler.Decide(it.Claimable + more, it.Size, LongAgo, it.Options) >= PoolScaler.Decide(it.Claimable, it.Size, LongAgo, it.Options));

    [Fact]
    public void Equal_bounds_make_the_fixed_pool() => AnySituation.Sample(it =>
    {
        it.Options.MaxWorkers = it.Options.MinWorkers;
        return PoolScaler.Decide(it.Claimable, it.Options.MinWorkers, it.Since, it.Options) == it.Options.MinWorkers;
    });

    [Fact]
    public void Nothing_moves_within_the_cooldown() => AnySituation.Sample(it =>
        PoolScaler.Decide(it.Claimable, it.Size, TimeSpan.Zero, it.Options) == it.Size);
}
