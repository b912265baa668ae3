using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Tests.Support;
using JobApi.Testing;

namespace JobApi.Engine.Tests.Dispatch;

public sealed class ClaimAheadTests
{
    private readonly Gate _gate = new();

    [Fact]
    public async Task Short_jobs_are_claimed_while_their_worker_is_busy_and_run_when_it_is_not()
    {
        await using var engine = await LookingAheadAsync();
        var long1 = await engine.SubmitAsync("gate");
        await _gate.EnteredAsync();

        var ahead = await engine.SubmitManyAsync("ok", 5);

        Assert.All(ahead, job => Assert.Equal(JobState.Running, job.State));
        _gate.Let();
        Assert.Equal(JobState.Succeeded, (await engine.EndOfAsync(long1)).State);
        Assert.All(await Task.WhenAll(ahead.Select(engine.EndOfAsync)), job => Assert.Equal((JobState.Succeeded, 1), (job.State, job.Attempt)));
    }

    [Fact]
    public async Task What_was_claimed_ahead_of_a_long_job_goes_back_uncharged()
    {
        await using var engine = await LookingAheadAsync();
        await engine.SubmitAsync("gate");
        await _gate.EnteredAsync();
        var ahead = await engine.SubmitManyAsync("ok", 5);

        await engine.AdvanceUntilAsync(TimeSpan.FromMilliseconds(300), () => engine.Get<JobApi.Engine.Dispatch.ReadyQueue>().Count == 0);

        foreach (var job in ahead)
        {
            var back = await engine.WaitAsync(job.Id, latest => latest.State == JobState.Queued);
            Assert.Equal((1, 0, 0), (back.Attempt, back.Failures, back.Crashes));
        }

        Assert.Equal(JobState.Queued, (await engine.SubmitAsync("ok")).State);
        _gate.Let();
        Assert.All(await Task.WhenAll(ahead.Select(engine.EndOfAsync)), job => Assert.Equal((JobState.Succeeded, 2), (job.State, job.Attempt)));
    }

    [Fact]
    public async Task A_stop_hands_back_what_was_claimed_ahead()
    {
        await using var engine = await LookingAheadAsync();
        await engine.SubmitAsync("gate");
        await _gate.EnteredAsync();
        var ahead = await engine.SubmitManyAsync("ok", 5);

        _gate.Let();
        var store = engine.Get<IJobReader>();
        await engine.StopAsync();

        foreach (var job in ahead)
        {
            var found = (await store.FindAsync(job.Id, CancellationToken.None))!;
            Assert.True(found.State is JobState.Queued or JobState.Succeeded, $"{found.State} after the stop");
        }
    }

    /// <summary>An engine with one worker that has seen short attempts and a claim of 100 ms.</summary>
    private async Task<EngineHost> LookingAheadAsync()
    {
        var engine = await new EngineHost().With("Workers:MinWorkers", 1).With("Workers:MaxWorkers", 1).OnFaultyStore()
            .Handle("ok", (_, _) => Task.FromResult<Attempt<string>>("done")).Handle("gate", _gate.PassAsync).StartAsync();
        await engine.SubmitAsync("gate");
        await _gate.EnteredAsync();
        var next = await engine.SubmitAsync("ok");
        var last = await engine.SubmitAsync("ok");

        var hold = engine.Get<FaultyStore>().HoldNext(StoreCall.Claim);
        _gate.Let();
        await hold.Entered;
        await engine.AdvanceAsync(TimeSpan.FromMilliseconds(100));
        hold.Release();
        await engine.EndOfAsync(next);
        await engine.EndOfAsync(last);
        await EngineHost.UntilAsync(() => engine.Get<JobApi.Engine.Dispatch.Hands>() is { Idle: 1, Ahead: > 0 });

        return engine;
    }
}
