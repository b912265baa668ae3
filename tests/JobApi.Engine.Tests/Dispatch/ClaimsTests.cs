using JobApi.Engine.Diagnostics;
using JobApi.Engine.Dispatch;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Tests.Support;
using JobApi.Testing;
using Microsoft.Extensions.Options;
using Gate = JobApi.Engine.Tests.Support.Gate;

namespace JobApi.Engine.Tests.Dispatch;

/// <summary>Claims on hands and a store of their own, so that nobody else moves them.</summary>
public sealed class ClaimsTests : IAsyncLifetime
{
    private readonly Gate _gate = new();
    private readonly Hands _hands = new() { Ahead = Hands.FewAhead };
    private readonly InMemoryJobStore _store = new(new StoreOptions());
    private readonly EngineHost _engine = new();
    private EngineHealth _health = null!;
    private Doorbell _bell = null!;
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
        _bell = new Doorbell(_engine.Time);
        _isolation = new Isolation(occupancy, _bell, _hands, Options.Create(new DispatchOptions()), _engine.Time);
        _limits = new TypeLimits(_engine.Get<HandlerRegistry>());
        _claims = new Claims(
            _hands, _isolation, _limits, _engine.Get<HandlerRegistry>(), _engine.Get<HeldJobs>(), _engine.Get<Node>(), _engine.Get<StoreTraits>(), _bell,
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

        await HappenAsync(what);

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

        await HappenAsync(what);

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

    [Fact]
    public async Task Jobs_whose_type_has_no_place_do_not_keep_new_jobs_of_another_type_from_being_stored_already_claimed()
    {
        Assert.NotNull(_claims.OpenFor("one", 1));
        var waiting = Jobs.Spec("one", _engine.Time.GetUtcNow());
        Assert.Equal(JobState.Queued, await InsertAsync(waiting, null));

        var request = _claims.OpenFor("ok", 1)!;

        Assert.Equal(new Dictionary<string, int> { ["one"] = 0 }, request.TypeBudgets);
        Assert.Equal(JobState.Running, await InsertAsync(Jobs.Spec("ok", _engine.Time.GetUtcNow()), request));
        _claims.Close(request, []);
    }

    [Fact]
    public async Task Jobs_whose_type_has_a_place_come_before_new_jobs_of_another_type()
    {
        _limits.Take("one", 1);
        var waiting = Jobs.Spec("two", _engine.Time.GetUtcNow());
        Assert.Equal(JobState.Queued, await InsertAsync(waiting, null));

        var request = _claims.OpenFor("ok", 1)!;

        Assert.Equal(JobState.Queued, await InsertAsync(Jobs.Spec("ok", _engine.Time.GetUtcNow()), request));
        _claims.Close(request, []);
    }

    [Fact]
    public void A_claim_for_a_limited_type_takes_its_places_and_names_the_others_that_have_none()
    {
        var first = _claims.OpenFor("one", 1)!;
        var second = _claims.OpenFor("two", 5)!;

        Assert.Equal(new Dictionary<string, int> { ["one"] = 0, ["two"] = 2 }, second.TypeBudgets);
        Assert.Null(_claims.OpenFor("one", 1));

        _claims.Close(second, []);
        _claims.Close(first, []);
        Assert.Equal(new Dictionary<string, int> { ["two"] = 2 }, _claims.OpenFor("two", 5)!.TypeBudgets);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_hand_that_new_jobs_took_although_their_type_has_no_place_is_offered_to_jobs_that_wait(bool isAnswered)
    {
        _limits.Take("one", 1);

        // The dispatcher has come for a job of another type; either it found a hand for it or it did not.
        _bell.Ring();
        await _bell.WaitAsync(TimeSpan.FromDays(1), CancellationToken.None);

        if (isAnswered)
        {
            _bell.Answer();
        }

        Assert.Null(_claims.OpenFor("one", 1));

        using var stop = new CancellationTokenSource();
        var wakes = _bell.WaitAsync(TimeSpan.FromDays(1), stop.Token).AsTask();
        Assert.Equal(!isAnswered, wakes.IsCompleted);
        await stop.CancelAsync();
        await Task.WhenAny(wakes);
    }

    private async Task<JobState> InsertAsync(JobSpec spec, ClaimRequest? taken) => Assert.IsType<InsertOutcome.Inserted>(Assert.Single(
        await _store.InsertAsync(new InsertRequest([new JobApi.Engine.Storage.Submission([spec])], _engine.Time.GetUtcNow(), taken), CancellationToken.None))).Jobs[0].State;

    private async Task HappenAsync(string what)
    {
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
    }

    private void Called() => _calls++;
}
