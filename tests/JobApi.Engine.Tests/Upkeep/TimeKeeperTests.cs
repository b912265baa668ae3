using System.Diagnostics.Metrics;
using JobApi.Engine.Diagnostics;
using JobApi.Engine.Events;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Tests.Support;
using JobApi.Engine.Upkeep;
using JobApi.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace JobApi.Engine.Tests.Upkeep;

public sealed class TimeKeeperTests
{
    private readonly Gate _gate = new();

    [Fact]
    public async Task A_scheduled_job_starts_when_its_time_has_come_and_not_before()
    {
        await using var engine = await new EngineHost().Handle("gate", _gate.PassAsync).StartAsync();
        var submitted = await engine.SubmitAsync("gate", draft => draft with { Delay = TimeSpan.FromMinutes(10) });
        Assert.Equal(JobState.Scheduled, submitted.State);

        await engine.AdvanceAsync(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1), loop: "time keeper");
        Assert.Equal(JobState.Scheduled, engine.Known(submitted.Id)!.State);
        Assert.Equal(0, _gate.Inside);

        await engine.AdvanceUntilAsync(TimeSpan.FromMilliseconds(1), () => _gate.Inside == 1);
        _gate.Let();
        var job = await engine.EndOfAsync(submitted);
        Assert.True(job.StartedAt >= submitted.RunAt);
    }

    [Fact]
    public async Task A_job_that_is_due_earlier_wakes_a_keeper_that_sleeps_for_a_later_one()
    {
        await using var engine = await new EngineHost().OnFaultyStore().Handle("gate", _gate.PassAsync).StartAsync();
        var store = engine.Get<FaultyStore>();
        await engine.SubmitAsync("gate", draft => draft with { Delay = TimeSpan.FromSeconds(4) });
        await EngineHost.UntilAsync(() => store.Calls(StoreCall.Advance) == 2);

        // The clock stands still: nothing but the earlier job can make the keeper look again, and a later one does not.
        await engine.SubmitAsync("gate", draft => draft with { Delay = TimeSpan.FromSeconds(1) });
        await EngineHost.UntilAsync(() => store.Calls(StoreCall.Advance) == 3);

        for (var later = 0; later < 10; later++)
        {
            await engine.SubmitAsync("gate", draft => draft with { Delay = TimeSpan.FromSeconds(3) });
            await EngineHost.TurnsAsync(10);
        }

        Assert.Equal(3, store.Calls(StoreCall.Advance));
    }

    [Fact]
    public async Task The_expiry_of_a_job_that_has_started_once_wakes_nobody()
    {
        await using var engine = await new EngineHost().OnFaultyStore().StartAsync();
        var (store, keeper, now) = (engine.Get<FaultyStore>(), engine.Get<TimeKeeper>(), engine.Time.GetUtcNow());
        await EngineHost.UntilAsync(() => store.Calls(StoreCall.Advance) == 1);
        var waiting = Jobs.Scheduled(Jobs.Spec(at: now.AddHours(1)) with { ExpiresAt = now.AddSeconds(1) });

        keeper.Changed(waiting with { Failures = 1 });
        await EngineHost.UntilAsync(() => true);
        Assert.Equal(1, store.Calls(StoreCall.Advance));

        keeper.Changed(waiting);
        await EngineHost.UntilAsync(() => store.Calls(StoreCall.Advance) == 2);
    }

    [Fact]
    public async Task Jobs_due_at_once_that_leave_the_keeper_no_rest_are_no_standstill()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var metrics = new JobMetrics(services.GetRequiredService<IMeterFactory>());
        using var stop = new CancellationTokenSource();
        var time = new FakeTimeProvider();
        var heartbeat = new Heartbeat("time keeper", time);
        var due = new DueJobs(time, heartbeat);

        var running = new TimeKeeper(due, new JobEvents(), metrics, time).RunAsync(heartbeat, stop.Token);
        await EngineHost.UntilAsync(() => due.Looks > 20);

        Assert.False(due.WasStuck);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_job_that_did_not_start_in_time_is_canceled_as_expired()
    {
        await using var engine = await new EngineHost().Handle("gate", _gate.PassAsync).StartAsync();
        await engine.SubmitManyAsync("gate", 2);
        await _gate.EnteredAsync(2);
        var late = await engine.SubmitAsync("gate", draft => draft with { ExpiresIn = TimeSpan.FromSeconds(30) });
        var waiting = engine.EndOfAsync(late);

        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(3), () => waiting.IsCompleted);

        var job = await waiting;
        Assert.Equal((JobState.Canceled, JobLifecycle.Expired, 0), (job.State, job.CancelReason, job.Attempt));
        Assert.Equal(1, engine.Metrics.Snapshot().Total.Canceled);
        _gate.Let(2);
    }

    [Fact]
    public async Task A_parked_job_comes_back_without_a_charge()
    {
        var turnedAway = false;
        await using var engine = await new EngineHost().Handle("limited", (_, _) =>
        {
            Attempt<string> first = Failure.RateLimited("too many", TimeSpan.FromSeconds(7));
            (turnedAway, var answer) = (true, turnedAway ? "done" : first);
            return Task.FromResult(answer);
        }).StartAsync();
        var submitted = await engine.SubmitAsync("limited", draft => draft with { MaxAttempts = 1 });
        var parked = await engine.WaitAsync(submitted.Id, job => job.State == JobState.Scheduled);
        Assert.Equal((WaitingReason.RateLimit, TimeSpan.FromSeconds(7)), (parked.Waiting!.Value, parked.RunAt - engine.Time.GetUtcNow()));

        var ended = engine.EndOfAsync(submitted);
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => ended.IsCompleted);

        Assert.Equal((JobState.Succeeded, 2, 0), ((await ended).State, (await ended).Attempt, (await ended).Failures));
    }

    /// <summary>A store where more jobs are due than one look can move, for twenty looks of ten seconds each.</summary>
    private sealed class DueJobs(FakeTimeProvider time, Heartbeat heartbeat) : IJobQueue
    {
        public int Looks { get; private set; }

        public bool WasStuck { get; private set; }

        public ValueTask<AdvanceOutcome> AdvanceAsync(AdvanceRequest request, CancellationToken cancellationToken)
        {
            if (++Looks > 20)
            {
                return new(new AdvanceOutcome([], null));
            }

            time.Advance(TimeSpan.FromSeconds(10));
            WasStuck |= heartbeat.IsStuck;
            return new(new AdvanceOutcome([Jobs.Queued()], request.Now));
        }

        public ValueTask<IReadOnlyList<InsertOutcome>> InsertAsync(InsertRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Job>> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<RenewOutcome> RenewAsync(RenewRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Job>> CompleteAsync(IReadOnlyList<JobCompletion> completions, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
