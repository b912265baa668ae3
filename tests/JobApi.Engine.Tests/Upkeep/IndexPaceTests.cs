using JobApi.Engine.Storage.Searching;
using JobApi.Engine.Upkeep;

namespace JobApi.Engine.Tests.Upkeep;

public sealed class IndexPaceTests
{
    private static readonly TimeSpan Took = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void Nobody_else_there_means_no_rest() =>
        Assert.Equal(TimeSpan.Zero, IndexPace.After(new IndexStep(IsCaughtUp: false, IsBusy: false), Took, 0.05));

    [Fact]
    public void While_others_write_the_share_of_the_time_is_kept() =>
        Assert.Equal(TimeSpan.FromMilliseconds(950), IndexPace.After(new IndexStep(IsCaughtUp: false, IsBusy: true), Took, 0.05));

    [Fact]
    public void A_share_of_all_is_no_rest_at_all() =>
        Assert.Equal(TimeSpan.Zero, IndexPace.After(new IndexStep(IsCaughtUp: false, IsBusy: true), Took, 1));

    [Fact]
    public void Nothing_to_do_is_looked_for_now_and_then() =>
        Assert.Equal(IndexPace.Idle, IndexPace.After(new IndexStep(IsCaughtUp: true, IsBusy: true), TimeSpan.FromMilliseconds(1), 0.05));

    [Fact]
    public void Trouble_is_not_met_all_the_time() =>
        Assert.Equal(IndexPace.Troubled, IndexPace.After(new IndexStep(false, false, new IOException()), Took, 0.05));
}
