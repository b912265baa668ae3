using JobApi.Engine.Diagnostics;
using JobApi.Engine.Dispatch;
using JobApi.Engine.Execution;
using JobApi.Engine.Storage;
using JobApi.Engine.Tests.Support;
using Microsoft.Extensions.Options;

namespace JobApi.Engine.Tests.Dispatch;

/// <summary>Claims on hands of their own, so that nobody else moves them.</summary>
public sealed class ClaimsTests : IAsyncLifetime
{
    private readonly Gate _gate = new();
    private readonly Hands _hands = new() { Ahead = Hands.FewAhead };
    private readonly EngineHost _engine = new();
    private EngineHealth _health = null!;
    private Isolation _isolation = null!;
    private TypeLimits _limits = null!;
    private Claims _claims = null!;
    private int _calls;

    public async Task InitializeAsync()
    {
        await _engine.Handle("ok", (_, _) => Task.FromResult<Attempt<string>>("done"))
            .Handle("one", _gate.PassAsync, options => options.MaxConcurrency = 1).Handle("two", _gate.PassAsync, options => options.MaxConcurrency = 2).StartAsync();
        _health = new EngineHealth(_engine.Time);
        var occupancy = new Occupancy(_health, Options.Create(new ExecutionOptions()));
        _isolation = new Isolation(occupancy, new Doorbell(_engine.Time), _hands, Options.Create(new DispatchOptions()), _engine.Time);
        _limits = new TypeLimits(_engine.Get<HandlerRegistry>());
        _claims = new Claims(
            _hands, _isolation, _limits, _engine.Get<HandlerRegistry>(), _engine.Get<HeldJobs>(), _engine.Get<Node>(), _engine.Get<StoreTraits>(),
            Options.Create(new LeaseOptions()), _engine.Time);
    }

    public async Task DisposeAsync()
    {
        _health.Dispose();
        await _engine.DisposeAsync();
    }

    [Theory]
    [InlineData("nothing", 100)]
    [InlineData("several types", 0)]
    [InlineData("limited type", 0)]
    [InlineData("few ahead", 0)]
    [InlineData("closed", 0)]
    [InlineData("stopped", 0)]
    public async Task New_jobs_may_expect_hands_unless_something_keeps_them_from_all_of_them(string what, int soon)
    {
        var type = what switch
        {
            "several types" => null,
            "limited type" => "one",
            _ => "ok",
        };

        switch (what)
        {
            case "few ahead":
                _hands.Ahead = 99;
                break;
            case "closed":
                _isolation.Close();
                break;
            case "stopped":
                await _claims.StopAsync();
                break;
        }

        Assert.Equal(new HandsOutlook(soon, soon), _claims.OutlookFor(type, 2, Called));
    }

    [Theory]
    [InlineData("few ahead")]
    [InlineData("closed")]
    [InlineData("closed while nothing runs")]
    [InlineData("stopped")]
    public async Task Who_waits_although_hands_are_free_is_called_when_there_is_no_reason_any_more(string what)
    {
        Assert.Equal(new HandsOutlook(100, 100), _claims.OutlookFor("ok", 2, Called));

        switch (what)
        {
            case "few ahead":
                _hands.Ahead = 99;
                break;
            case "closed":
                _isolation.Close();
                break;
            case "closed while nothing runs":
                _isolation.SuspectMayWait();
                Assert.True(_isolation.TryCloseEmpty());
                break;
            case "stopped":
                await _claims.StopAsync();
                break;
        }

        Assert.Equal(1, _calls);
        Assert.Equal(default, _claims.OutlookFor("ok", 2, Called));
    }

    [Fact]
    public void Who_takes_hands_no_longer_waits_for_any()
    {
        _claims.OutlookFor("ok", 2, Called);
        Assert.Equal(2, _hands.Wanted);

        _claims.Close(_claims.OpenFor("ok", 2)!, []);

        Assert.Equal(0, _hands.Wanted);
    }

    private void Called() => _calls++;
}
