using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Tests.Support;
using JobApi.Testing;

namespace JobApi.Engine.Tests.Completion;

public sealed class CompletionBufferTests
{
    private readonly Gate _gate = new();

    [Fact]
    public async Task An_end_that_could_not_be_stored_is_stored_when_the_store_is_back()
    {
        await using var engine = await new EngineHost().OnFaultyStore().Handle("gate", _gate.PassAsync).StartAsync();
        var submitted = await engine.SubmitAsync("gate");
        await _gate.EnteredAsync();
        engine.Get<FaultyStore>().FailNext(StoreCall.Complete, new IOException("no"), times: 3);

        _gate.Let();
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => engine.Metrics.Snapshot().Total.Processed == 1);

        Assert.Equal(JobState.Succeeded, (await engine.EndOfAsync(submitted)).State);
        Assert.Equal(4, engine.Get<FaultyStore>().Calls(StoreCall.Complete));
    }

    [Fact]
    public async Task An_end_whose_answer_got_lost_is_counted_once_and_wakes_its_waiters()
    {
        await using var engine = await new EngineHost().OnFaultyStore().Handle("gate", _gate.PassAsync).StartAsync();
        var submitted = await engine.SubmitAsync("gate");
        await _gate.EnteredAsync();
        engine.Get<FaultyStore>().FailNextAfterwards(StoreCall.Complete, new IOException("lost"));
        var waiting = engine.EndOfAsync(submitted);

        _gate.Let();
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => waiting.IsCompleted);

        Assert.Equal(JobState.Succeeded, (await waiting).State);
        Assert.Equal((1, 0L), (engine.Metrics.Snapshot().Total.Processed, engine.Metrics.StaleCompletions));
    }

    [Fact]
    public async Task While_one_write_is_under_way_many_ends_gather_for_the_next()
    {
        await using var engine = await new EngineHost().With("Workers:MinWorkers", 8).With("Workers:MaxWorkers", 8)
            .OnFaultyStore().Handle("gate", _gate.PassAsync).StartAsync();
        var jobs = await engine.SubmitManyAsync("gate", 40);
        await _gate.EnteredAsync(8);
        var store = engine.Get<FaultyStore>();
        var hold = store.HoldNext(StoreCall.Complete);

        _gate.Let(40);
        await _gate.EnteredAsync(32);
        await EngineHost.UntilAsync(() => _gate.Inside == 0 && engine.Pool.Snapshot().Busy == 0);
        hold.Release();
        await Task.WhenAll(jobs.Select(engine.EndOfAsync));

        Assert.InRange(store.Calls(StoreCall.Complete), 1, 3);
    }

    [Fact]
    public async Task A_stale_end_changes_nothing_and_is_counted()
    {
        await using var engine = await new EngineHost().Handle("gate", _gate.PassAsync).StartAsync();
        var submitted = await engine.SubmitAsync("gate");
        await _gate.EnteredAsync();

        // Somebody else ends the attempt, as a node would that took the job over.
        var running = await engine.Get<IJobReader>().FindAsync(submitted.Id, CancellationToken.None);
        var taken = await engine.Get<IJobQueue>().CompleteAsync(
            [RetryPolicy.Settle(running!, new JobOutcome.HandedBack(), engine.Time.GetUtcNow(), TimeSpan.Zero, 0)], CancellationToken.None);
        _gate.Let();
        await EngineHost.UntilAsync(() => engine.Metrics.StaleCompletions == 1);

        var job = await engine.Get<IJobReader>().FindAsync(submitted.Id, CancellationToken.None);
        Assert.Equal(JobState.Queued, Assert.Single(taken).State);
        Assert.False(job!.State.IsTerminal(), "The late result was taken although the attempt had ended before.");
        Assert.Equal(0, engine.Metrics.Snapshot().Total.Processed);
    }

    [Fact]
    public async Task A_handlers_last_words_are_stored_before_its_end()
    {
        await using var engine = await new EngineHost().Handle("talks", (context, _) =>
        {
            for (var i = 1; i <= 5; i++)
            {
                context.Log($"line {i}");
            }

            context.ReportProgress(100, "all done");
            return Task.FromResult<Attempt<string>>("done");
        }).StartAsync();

        var job = await engine.EndOfAsync(await engine.SubmitAsync("talks"));

        var lines = await engine.Get<IJobHistory>().LogsAsync(job.Id, after: 0, max: 10, CancellationToken.None);
        Assert.Equal(["line 1", "line 2", "line 3", "line 4", "line 5"], lines!.Select(line => line.Text));
        Assert.Equal((100, "all done"), (job.Progress!.Percent!.Value, job.Progress.Message!));
    }

    [Fact]
    public async Task Progress_of_a_running_job_wakes_who_waits_for_a_change()
    {
        var reported = new TaskCompletionSource();
        await using var engine = await new EngineHost().Handle("slow", async (context, token) =>
        {
            await reported.Task.WaitAsync(token);
            context.ReportProgress(40, "half way, nearly");
            return (await _gate.PassAsync(context, token)).Result!;
        }).StartAsync();
        var submitted = await engine.SubmitAsync("slow");
        var waiting = engine.WaitAsync(submitted.Id, job => job.Progress is not null);

        reported.SetResult();

        Assert.Equal((40, JobState.Running), ((await waiting).Progress!.Percent!.Value, (await waiting).State));
        _gate.Let();
    }
}
