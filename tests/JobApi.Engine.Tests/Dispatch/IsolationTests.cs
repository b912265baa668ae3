using JobApi.Engine.Dispatch;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Tests.Support;
using JobApi.Testing;

namespace JobApi.Engine.Tests.Dispatch;

/// <summary>A job with two crashes runs alone: what runs beside it could be condemned in its place, or it in theirs.</summary>
public sealed class IsolationTests
{
    private readonly Gate _poison = new();
    private readonly Gate _gate = new();

    [Fact]
    public async Task On_an_idle_node_a_suspect_runs_at_once_and_alone()
    {
        await using var engine = await EngineAsync(out var suspects).StartAsync();
        await _poison.EnteredAsync();

        // One worker is idle, and yet neither a submission nor the dispatcher gives it anything.
        var other = await engine.SubmitAsync("gate");
        Assert.Equal(JobState.Queued, other.State);
        await EngineHost.UntilAsync(() => engine.Get<Hands>().Idle == 1);
        Assert.Equal((1, 0), (engine.Pool.Snapshot().Busy, _gate.Inside));

        _poison.Let();
        await _gate.EnteredAsync();
        _gate.Let();
        Assert.Equal(JobState.Succeeded, (await engine.EndOfAsync(other)).State);
        Assert.Equal((JobState.Succeeded, 2), Stand(await engine.EndOfAsync(Assert.Single(suspects))));
    }

    [Fact]
    public async Task Others_go_on_only_when_the_end_of_the_suspect_is_stored()
    {
        await using var engine = await EngineAsync(out _).OnFaultyStore().StartAsync();
        await _poison.EnteredAsync();
        await engine.SubmitAsync("gate");
        var hold = engine.Get<FaultyStore>().HoldNext(StoreCall.Complete);

        _poison.Let();
        await hold.Entered;
        await EngineHost.UntilAsync(() => engine.Get<Hands>().Idle == 2);
        Assert.Equal(0, _gate.Inside);

        hold.Release();
        await _gate.EnteredAsync();
        _gate.Let();
    }

    [Fact]
    public async Task Suspects_run_one_after_the_other_when_nothing_else_waits()
    {
        await using var engine = await EngineAsync(out var suspects, count: 3).StartAsync();
        _poison.Let(3);

        foreach (var suspect in suspects)
        {
            Assert.Equal(JobState.Succeeded, (await engine.EndOfAsync(suspect)).State);
        }

        Assert.Equal(1, _poison.Most);
    }

    [Fact]
    public async Task A_suspect_whose_pause_ends_waits_for_what_runs_and_for_what_waits()
    {
        await using var engine = await EngineAsync(out var suspects, pause: TimeSpan.FromSeconds(5)).StartAsync();
        await engine.SubmitManyAsync("gate", 3);
        await _gate.EnteredAsync(2);
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => engine.Known(suspects[0]) is { State: JobState.Queued });

        // Within its patience an ordinary job goes before it, although one hand falls idle.
        _gate.Let(2);
        await _gate.EnteredAsync();
        Assert.Equal(0, _poison.Inside);

        // The clock stands still: the end of the last job is the signal.
        _gate.Let();
        await _poison.EnteredAsync();
        Assert.Equal(0, _gate.Inside);
        _poison.Let();
        await engine.EndOfAsync(suspects[0]);
    }

    [Fact]
    public async Task Under_constant_load_a_suspect_gets_its_turn_after_its_patience()
    {
        await using var engine = await EngineAsync(out var suspects, pause: TimeSpan.FromSeconds(1)).With("Dispatch:SuspectPatience", "00:10:00").StartAsync();
        await engine.SubmitManyAsync("gate", 6);
        await _gate.EnteredAsync(2);
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => engine.Known(suspects[0]) is { State: JobState.Queued });
        await engine.AdvanceAsync(TimeSpan.FromMinutes(5));
        _gate.Let();
        await _gate.EnteredAsync();
        Assert.False(engine.Get<Isolation>().IsClosed);

        // From here on nothing is claimed, by nobody, until the hands are empty.
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(20), () => engine.Get<Isolation>().IsClosed);
        _gate.Let();
        await EngineHost.UntilAsync(() => engine.Get<Hands>().Idle == 1);
        Assert.Equal(JobState.Queued, (await engine.SubmitAsync("gate")).State);
        Assert.Equal((1, 0), (_gate.Inside, _poison.Inside));

        _gate.Let();
        await _poison.EnteredAsync();
        Assert.Equal(0, _gate.Inside);

        _poison.Let();
        await _gate.EnteredAsync(2);
        Assert.Equal((JobState.Succeeded, 2), Stand(await engine.EndOfAsync(suspects[0])));
        _gate.Let(10);
    }

    [Fact]
    public async Task After_a_suspect_the_others_have_their_turn_before_the_next_suspect()
    {
        await using var engine = await EngineAsync(out _, count: 2).StartAsync();
        await _poison.EnteredAsync();
        await engine.SubmitManyAsync("gate", 4);

        _poison.Let();
        await _gate.EnteredAsync(2);
        _gate.Let(2);
        await _gate.EnteredAsync(2);
        Assert.Equal(0, _poison.Inside);

        _gate.Let(2);
        await _poison.EnteredAsync();
        _poison.Let();
    }

    [Fact]
    public async Task A_suspect_whose_queue_is_paused_holds_nobody_up()
    {
        var engine = EngineAsync(out _);
        engine.Preparations.Add(async host => await host.Get<InMemoryJobStore>().ChangeAsync(JobSpec.DefaultQueue, new QueueChange { IsPaused = true }, CancellationToken.None));
        await using var running = await engine.StartAsync();
        await SubmitAsync();
        await SubmitAsync();
        await _gate.EnteredAsync(2);

        // Any change of settings may have let it go.
        await running.Get<IQueueSettings>().ChangeAsync("mail", new QueueChange { ConcurrencyLimit = 5 }, CancellationToken.None);
        await running.AdvanceUntilAsync(TimeSpan.FromSeconds(20), () => running.Get<Isolation>().PatienceLeft is null);
        await SubmitAsync();
        _gate.Let();

        await _gate.EnteredAsync();
        Assert.Equal((0, false), (_poison.Inside, running.Get<Isolation>().IsClosed));
        _gate.Let(2);

        Task SubmitAsync() => running.SubmitAsync("gate", draft => draft with { Queue = "mail" });
    }

    [Fact]
    public async Task When_the_suspect_is_canceled_the_others_are_held_up_no_longer()
    {
        await using var engine = await EngineAsync(out var suspects, pause: TimeSpan.FromSeconds(1)).StartAsync();
        await engine.SubmitManyAsync("gate", 3);
        await _gate.EnteredAsync(2);
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(5), () => engine.Get<Isolation>().IsClosed);
        _gate.Let();
        await EngineHost.UntilAsync(() => engine.Get<Hands>().Idle == 1);

        await engine.Get<IJobControl>().CancelAsync(JobSelection.Of(suspects[0]), Jobs.Asked(), engine.Time.GetUtcNow(), CancellationToken.None);

        await _gate.EnteredAsync();
        Assert.Equal((2, 0), (_gate.Inside, _poison.Inside));
        _gate.Let(2);
    }

    [Fact]
    public async Task A_handler_that_ignores_its_cancellation_still_runs_so_a_suspect_waits_for_it_and_the_others_do_not()
    {
        var stubborn = new TaskCompletionSource();
        await using var engine = await EngineAsync(out var suspects, pause: TimeSpan.FromSeconds(30)).Handle("deaf", async (_, _) =>
        {
            await stubborn.Task;
            return "at last";
        }).StartAsync();
        await engine.SubmitAsync("deaf", draft => draft with { Timeout = TimeSpan.FromSeconds(1), MaxAttempts = 1 });
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => engine.Pool.Snapshot().AbandonedHandlers == 1);
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(5), () => engine.Known(suspects[0]) is { State: JobState.Queued });
        await engine.AdvanceAsync(TimeSpan.FromMinutes(1));

        var other = await engine.SubmitAsync("gate");
        await _gate.EnteredAsync();
        _gate.Let();
        await engine.EndOfAsync(other);
        Assert.Equal((0, false), (_poison.Inside, engine.Get<Isolation>().IsClosed));

        stubborn.SetResult();
        await _poison.EnteredAsync();
        _poison.Let();
    }

    [Fact]
    public async Task A_handler_that_is_fenced_off_while_everybody_waits_for_it_ends_the_waiting()
    {
        var stubborn = new TaskCompletionSource();
        await using var engine = await EngineAsync(out var suspects, pause: TimeSpan.FromSeconds(1)).Handle("deaf", async (_, _) =>
        {
            await stubborn.Task;
            return "at last";
        }).StartAsync();
        await engine.SubmitAsync("deaf", draft => draft with { Timeout = TimeSpan.FromHours(1), MaxAttempts = 1 });
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(5), () => engine.Get<Isolation>().IsClosed);
        Assert.Equal(JobState.Queued, (await engine.SubmitAsync("gate")).State);

        await engine.AdvanceUntilAsync(TimeSpan.FromMinutes(5), () => _gate.Inside == 1);

        Assert.Equal(0, _poison.Inside);
        _gate.Let();
        stubborn.SetResult();
        await _poison.EnteredAsync();
        _poison.Let();
        Assert.Equal(JobState.Succeeded, (await engine.EndOfAsync(suspects[0])).State);
    }

    [Fact]
    public async Task A_stop_hands_the_suspect_back_without_a_charge_and_it_is_still_one()
    {
        var engine = await EngineAsync(out var suspects).StartAsync();
        await _poison.EnteredAsync();

        var stopping = engine.StopAsync();
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(5), () => stopping.IsCompleted);

        var job = await engine.Get<IJobReader>().FindAsync(suspects[0], CancellationToken.None);
        Assert.Equal((JobState.Queued, 2), Stand(job!));
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task The_scaler_does_not_look_at_what_a_suspect_holds_up()
    {
        await using var engine = await EngineAsync(out _).With("Workers:MaxWorkers", 8).StartAsync();
        await _poison.EnteredAsync();
        await engine.SubmitManyAsync("gate", 30);

        for (var tick = 0; tick < 5; tick++)
        {
            await engine.AdvanceAsync(TimeSpan.FromSeconds(10), loop: "scaler");
        }

        Assert.Equal(2, engine.Pool.Snapshot().Size);
        _poison.Let();
        _gate.Let(30);
    }

    [Fact]
    public async Task The_scaler_does_not_count_suspects()
    {
        await using var engine = await EngineAsync(out var suspects, count: 30, pause: TimeSpan.FromSeconds(1))
            .With("Workers:MaxWorkers", 8).With("Dispatch:SuspectPatience", "01:00:00").StartAsync();
        await engine.SubmitAsync("gate");
        await _gate.EnteredAsync();
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => suspects.All(id => engine.Known(id) is { State: JobState.Queued }));

        for (var tick = 0; tick < 5; tick++)
        {
            await engine.AdvanceAsync(TimeSpan.FromSeconds(10), loop: "scaler");
        }

        Assert.Equal((2, false), (engine.Pool.Snapshot().Size, engine.Get<Isolation>().IsClosed));
        _poison.Let(30);
        _gate.Let();
    }

    [Fact]
    public async Task A_node_that_is_busy_does_not_turn_in_circles_while_a_suspect_waits()
    {
        await using var engine = await EngineAsync(out var suspects, pause: TimeSpan.FromSeconds(1)).OnFaultyStore().StartAsync();
        await engine.SubmitAsync("gate");
        await _gate.EnteredAsync();
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => engine.Known(suspects[0]) is { State: JobState.Queued });
        var store = engine.Get<FaultyStore>();
        var (before, beats) = (store.Calls(StoreCall.Claim), engine.Beats("dispatcher"));

        // Asked to look, it looks, and then no more by itself.
        engine.Get<Doorbell>().Ring();
        await EngineHost.UntilAsync(() => engine.Beats("dispatcher") > beats && store.Calls(StoreCall.Claim) > before);
        await EngineHost.TurnsAsync(50);

        Assert.InRange(store.Calls(StoreCall.Claim) - before, 1, 3);
        _gate.Let();
        await _poison.EnteredAsync();
        _poison.Let();
    }

    private EngineHost EngineAsync(out List<Guid> suspects, int count = 1, TimeSpan pause = default)
    {
        var ids = suspects = [];
        var engine = new EngineHost().With("Workers:ShutdownGrace", "00:00:20").Handle("poison", _poison.PassAsync)
            .Handle("gate", _gate.PassAsync, options => options.Timeout = TimeSpan.FromHours(1));

        for (var number = 0; number < count; number++)
        {
            engine.Preparations.Add(async host => ids.Add(await Suspects.PutAsync(host, "poison", pause)));
        }

        return engine;
    }

    private static (JobState State, int Crashes) Stand(Job job) => (job.State, job.Crashes);
}
