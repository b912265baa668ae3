using JobApi.Engine.Dispatch;
using JobApi.Engine.Execution;
using JobApi.Testing;
using Microsoft.Extensions.Time.Testing;

namespace JobApi.Engine.Tests.Dispatch;

public sealed class LookAheadTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Hands _hands = new();
    private readonly Pace _pace = new() { Workers = 2 };
    private readonly ReadyQueue _ready;
    private readonly LookAhead _lookAhead;

    public LookAheadTests()
    {
        _ready = new ReadyQueue(_hands, capacity: 10, _time);
        _lookAhead = new LookAhead(_hands, _pace, _ready, _time);
    }

    [Fact]
    public async Task A_job_that_waits_too_long_goes_back_although_others_are_picked_up()
    {
        Deliver();
        _time.Advance(TimeSpan.FromMilliseconds(150));
        Deliver();
        Deliver();
        await _ready.NextAsync();
        _time.Advance(TimeSpan.FromMilliseconds(240));
        await _ready.NextAsync();
        Assert.Empty(_lookAhead.TakeBack());

        _time.Advance(TimeSpan.FromMilliseconds(10));

        Assert.Single(_lookAhead.TakeBack());
        Assert.Equal(0, _ready.Count);
    }

    [Fact]
    public void While_jobs_end_it_goes_on_without_a_bell_and_ends_when_none_does()
    {
        _pace.Ended(TimeSpan.FromMilliseconds(1));
        _pace.Claimed(TimeSpan.FromMilliseconds(100));

        _lookAhead.Look();
        Assert.True(_lookAhead.IsOn);

        _lookAhead.Look();
        Assert.False(_lookAhead.IsOn);
    }

    [Fact]
    public void It_goes_on_while_a_job_waits_for_a_worker()
    {
        Deliver();

        _lookAhead.Look();

        Assert.Equal(0, _hands.Ahead);
        Assert.True(_lookAhead.IsOn);
    }

    private void Deliver() => Assert.True(_ready.TryAdd(new HeldJob(Jobs.Running())));
}
