using JobApi.Engine.Diagnostics;
using JobApi.Engine.Dispatch;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Submission;
using JobApi.Engine.Tests.Support;
using JobApi.Testing;

namespace JobApi.Engine.Tests;

public sealed class JobEngineTests
{
    private readonly Gate _gate = new();

    [Fact]
    public async Task A_stop_lets_jobs_in_hand_finish_and_claims_no_further_one()
    {
        var engine = await new EngineHost().Handle("gate", _gate.PassAsync).StartAsync();
        var jobs = await engine.SubmitManyAsync("gate", 5);
        await _gate.EnteredAsync(2);

        var stopping = engine.StopAsync();
        await EngineHost.UntilAsync(() => engine.Get<EngineHealth>().NotReadyBecause == "draining");
        Assert.IsType<SubmitResult.NotAccepted>(await engine.TrySubmitAsync("gate"));
        _gate.Let(5);
        await stopping.WaitAsync(Patience.Limit);

        var states = new List<JobState>();

        foreach (var job in jobs)
        {
            states.Add((await engine.Get<IJobReader>().FindAsync(job.Id, CancellationToken.None))!.State);
        }

        Assert.Equal([JobState.Succeeded, JobState.Succeeded, JobState.Queued, JobState.Queued, JobState.Queued], states);
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task After_the_grace_period_jobs_in_hand_are_handed_back_without_a_charge()
    {
        var engine = await new EngineHost().With("Workers:ShutdownGrace", "00:00:20").Handle("gate", _gate.PassAsync).StartAsync();
        var submitted = await engine.SubmitAsync("gate", draft => draft with { Timeout = TimeSpan.FromHours(1), MaxAttempts = 1 });
        await _gate.EnteredAsync();

        var stopping = engine.StopAsync();
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(5), () => stopping.IsCompleted);

        var job = await engine.Get<IJobReader>().FindAsync(submitted.Id, CancellationToken.None);
        Assert.Equal((JobState.Queued, 1, 0, 0), (job!.State, job.Attempt, job.Failures, job.Crashes));
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task A_job_whose_submission_was_under_way_when_the_stop_came_is_handed_back_and_not_left_as_claimed()
    {
        var engine = await new EngineHost().OnFaultyStore().Handle("gate", _gate.PassAsync).StartAsync();
        await EngineHost.UntilAsync(() => engine.Get<Hands>().Idle == 2);
        var hold = engine.Get<FaultyStore>().HoldNextAnswer(StoreCall.Insert);
        var submitting = engine.SubmitAsync("gate");
        await hold.Entered;

        // Everything else has come to rest by the time the store answers.
        var stopping = engine.StopAsync();
        var turns = 0;
        await EngineHost.UntilAsync(() => engine.Pool.Snapshot().Workers.Count == 0 && ++turns > 100);
        hold.Release();
        var submitted = await submitting;
        await stopping.WaitAsync(Patience.Limit);

        var job = await engine.Get<IJobReader>().FindAsync(submitted.Id, CancellationToken.None);
        Assert.Equal((JobState.Queued, 1, 0), (job!.State, job.Attempt, job.Crashes));
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task One_grace_covers_submissions_under_way_and_jobs_in_hand()
    {
        var engine = await new EngineHost().With("Workers:ShutdownGrace", "00:00:20").OnFaultyStore().Handle("gate", _gate.PassAsync).StartAsync();
        await engine.SubmitAsync("gate", draft => draft with { Timeout = TimeSpan.FromHours(1) });
        await _gate.EnteredAsync();
        var inHand = engine.Get<HeldJobs>().All.Single();
        var hold = engine.Get<FaultyStore>().HoldNext(StoreCall.Insert);
        var submitting = engine.SubmitAsync("gate");
        await hold.Entered;

        var begun = engine.Time.GetUtcNow();
        var stopping = engine.StopAsync();
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => inHand.StopReason == StopReason.ShuttingDown);

        Assert.InRange((engine.Time.GetUtcNow() - begun).TotalSeconds, 20, 39);
        hold.Release();
        await submitting;
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => stopping.IsCompleted);
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task What_is_handed_back_while_the_buffer_is_full_is_stored_before_the_server_is_gone()
    {
        const int Ends = 5_100;
        var engine = await new EngineHost().OnFaultyStore().Handle("gate", _gate.PassAsync).StartAsync();
        var hold = engine.Get<FaultyStore>().HoldNext(StoreCall.Complete);

        for (var number = 0; number < Ends; number++)
        {
            engine.Get<Dispatcher>().HandBack(new HeldJob(Jobs.Running()));
        }

        await hold.Entered;
        var stopping = engine.StopAsync();
        var turns = 0;
        await EngineHost.UntilAsync(() => engine.Pool.Snapshot().Workers.Count == 0 && ++turns > 100);
        Assert.False(stopping.IsCompleted);
        hold.Release();
        await stopping.WaitAsync(Patience.Limit);

        // The store knows none of these jobs, so each end that reached it was refused.
        Assert.Equal(Ends, engine.Metrics.StaleCompletions);
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_room_in_a_buffer_that_nobody_empties_any_more()
    {
        var engine = await new EngineHost().OnFaultyStore().Handle("gate", _gate.PassAsync).StartAsync();
        engine.Get<FaultyStore>().FailNext(StoreCall.Complete, new IOException("no"), times: 10_000);

        for (var number = 0; number < 6_100; number++)
        {
            engine.Get<Dispatcher>().HandBack(new HeldJob(Jobs.Running()));
        }

        var health = engine.Get<EngineHealth>();
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(5), () => health.NotReadyBecause == "completion buffer failed 10 times in a row");
        var stopping = engine.StopAsync();
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(5), () => stopping.IsCompleted);

        await stopping;
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task Whoever_waits_for_a_result_is_answered_before_the_server_is_gone()
    {
        var engine = await new EngineHost().Handle("gate", _gate.PassAsync).StartAsync();
        var submitted = await engine.SubmitAsync("gate", draft => draft with { Timeout = TimeSpan.FromHours(1) });
        await _gate.EnteredAsync();
        var waiting = engine.Results.WaitAsync(submitted.Id, job => job.State.IsTerminal(), TimeSpan.FromDays(1), CancellationToken.None).AsTask();

        var stopping = engine.StopAsync();
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(5), () => stopping.IsCompleted);

        Assert.Equal(JobState.Queued, (await waiting.WaitAsync(Patience.Limit)).Job!.State);
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task Whoever_waits_for_a_job_that_will_not_start_any_more_is_answered_as_soon_as_the_server_drains()
    {
        var engine = await new EngineHost().Handle("gate", _gate.PassAsync).StartAsync();
        var jobs = await engine.SubmitManyAsync("gate", 3);
        await _gate.EnteredAsync(2);
        var (inHand, queued) = (engine.EndOfAsync(jobs[0]), engine.EndOfAsync(jobs[2]));

        // The clock stands still: the answer does not wait for the jobs in hand, and theirs comes with their end.
        var stopping = engine.StopAsync();
        Assert.Equal(JobState.Queued, (await queued.WaitAsync(Patience.Limit)).State);
        Assert.False(inHand.IsCompleted);

        _gate.Let(2);
        Assert.Equal(JobState.Succeeded, (await inHand).State);
        await stopping.WaitAsync(Patience.Limit);
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_is_lost_and_nothing_runs_twice_while_the_pool_is_resized()
    {
        var runs = new System.Collections.Concurrent.ConcurrentDictionary<Guid, int>();
        await using var engine = await new EngineHost().With("Workers:MinWorkers", 1).With("Workers:MaxWorkers", 8).Handle("mixed", (context, _) =>
        {
            runs.AddOrUpdate(context.JobId, 1, (_, count) => count + 1);
            return Task.FromResult<Attempt<string>>(context.JobId.ToString());
        }).StartAsync();

        var submitting = Enumerable.Range(0, 8).Select(_ => Task.Run(() => engine.SubmitManyAsync("mixed", 500))).ToArray();

        for (var size = 1; !submitting.All(task => task.IsCompleted); size = (size % 8) + 1)
        {
            engine.Pool.Resize(size, 8);
            engine.Pool.Resize(1, size);
            await Task.Yield();
        }

        var jobs = (await Task.WhenAll(submitting)).SelectMany(batch => batch).ToArray();
        engine.Pool.Resize(8, 8);

        foreach (var job in jobs)
        {
            Assert.Equal(JobState.Succeeded, (await engine.EndOfAsync(job)).State);
        }

        Assert.Equal((4_000, 4_000), (runs.Count, runs.Values.Sum()));
    }
}
