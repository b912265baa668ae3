using System.Collections.Concurrent;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Results;
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_store_hears_whether_somebody_waits_for_an_end(bool isAwaited)
    {
        await using var engine = await new EngineHost().OnFaultyStore().Handle("gate", _gate.PassAsync).StartAsync();
        var (submitted, other) = (await engine.SubmitAsync("gate"), await engine.SubmitAsync("gate"));
        await _gate.EnteredAsync(2);
        var waiting = engine.EndOfAsync(isAwaited ? submitted : other);
        await EngineHost.UntilAsync(() => engine.Get<ResultsStore>().Waiting == 1);
        var told = new ConcurrentDictionary<Guid, bool>();
        engine.Get<FaultyStore>().IsBad = end =>
        {
            told[end.Lease.JobId] = end.IsAwaited;
            return false;
        };

        _gate.Let(2);
        await waiting;
        await EngineHost.UntilAsync(() => told.Count == 2);

        Assert.Equal(isAwaited, told[submitted.Id]);
    }

    [Fact]
    public async Task Of_ends_that_are_stored_one_by_one_none_may_be_put_off()
    {
        await using var engine = await new EngineHost().With("Workers:MinWorkers", 4).With("Workers:MaxWorkers", 4)
            .OnFaultyStore().Handle("gate", _gate.PassAsync).StartAsync();
        await engine.SubmitManyAsync("gate", 4);
        await _gate.EnteredAsync(4);
        var store = engine.Get<FaultyStore>();
        var hold = store.HoldNext(StoreCall.Complete);
        _gate.Let();
        await hold.Entered;
        _gate.Let(3);
        await EngineHost.UntilAsync(() => engine.Get<Engine.Dispatch.Hands>().Idle == 4);
        var told = new ConcurrentQueue<bool>();
        store.IsBad = end =>
        {
            told.Enqueue(end.IsAwaited);
            return store.Calls(StoreCall.Complete) == 2;
        };

        hold.Release();
        await EngineHost.UntilAsync(() => engine.Metrics.Snapshot().Total.Processed == 4);

        Assert.Equal(5, store.Calls(StoreCall.Complete));
        Assert.Equal([true, true, true], told.TakeLast(3));
    }

    [Fact]
    public async Task A_bad_end_keeps_none_of_its_neighbours_waiting_and_ends_as_a_failure()
    {
        await using var engine = await new EngineHost().With("Workers:MinWorkers", 4).With("Workers:MaxWorkers", 4)
            .OnFaultyStore().Handle("gate", _gate.PassAsync).StartAsync();
        var jobs = await engine.SubmitManyAsync("gate", 4);
        await _gate.EnteredAsync(4);
        var store = engine.Get<FaultyStore>();
        store.IsBad = end => end.Lease.JobId == jobs[1].Id && end.To == JobState.Succeeded;
        var hold = store.HoldNext(StoreCall.Complete);
        _gate.Let(4);
        await hold.Entered;
        await EngineHost.UntilAsync(() => engine.Get<Engine.Dispatch.Hands>().Idle == 4);

        // The clock stands still: the others do not wait for any pause.
        hold.Release();
        foreach (var other in new[] { jobs[0], jobs[2], jobs[3] })
        {
            Assert.Equal(JobState.Succeeded, (await engine.EndOfAsync(other)).State);
        }

        // Work that is done is not done again because it cannot be written down.
        var ending = engine.EndOfAsync(jobs[1]);
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => ending.IsCompleted);
        Assert.Equal((JobState.Failed, "not-stored", 1), ((await ending).State, (await ending).Error!.Type, (await ending).Attempt));
        Assert.Equal((3L, 1L), (engine.Metrics.Snapshot().Total.Processed, engine.Metrics.Snapshot().Total.Failed));
        Assert.Equal(0, engine.Get<Engine.Execution.Occupancy>().Held);
    }

    [Fact]
    public async Task A_bad_end_that_comes_alone_does_not_end_the_server()
    {
        await using var engine = await new EngineHost().OnFaultyStore().Handle("gate", _gate.PassAsync).StartAsync();
        var bad = await engine.SubmitAsync("gate");
        engine.Get<FaultyStore>().IsBad = end => end.Lease.JobId == bad.Id && end.To == JobState.Succeeded;
        var ending = engine.EndOfAsync(bad);

        _gate.Let();
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => ending.IsCompleted);

        Assert.Equal("not-stored", (await ending).Error!.Type);
        Assert.Null(engine.Get<Engine.Diagnostics.EngineHealth>().NotReadyBecause);
    }

    [Fact]
    public async Task A_read_that_fails_after_the_write_counts_no_end_twice()
    {
        await using var engine = await new EngineHost().OnFaultyStore().OnForgetfulReader(out var reader).Handle("gate", _gate.PassAsync).StartAsync();
        var jobs = await engine.SubmitManyAsync("gate", 2);
        await _gate.EnteredAsync(2);
        var hold = engine.Get<FaultyStore>().HoldNext(StoreCall.Complete);
        _gate.Let(2);
        await hold.Entered;
        await EngineHost.UntilAsync(() => engine.Get<Engine.Dispatch.Hands>().Idle == 2);

        // One of the two is ended behind the engine's back, so that it asks why it was refused, and gets no answer.
        var running = await engine.Get<InMemoryJobStore>().FindAsync(jobs[1].Id, CancellationToken.None);
        await engine.Get<InMemoryJobStore>().CompleteAsync(
            [RetryPolicy.Settle(running!, new JobOutcome.HandedBack(), engine.Time.GetUtcNow(), TimeSpan.Zero, 0)], CancellationToken.None);
        reader.Failures = 3;
        hold.Release();
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => engine.Metrics.StaleCompletions == 1);

        Assert.Equal(1, engine.Metrics.Snapshot().Total.Processed);
        Assert.Equal(0, reader.Failures);
    }

    [Fact]
    public async Task A_store_that_has_stopped_for_good_ends_the_process_without_waiting_for_anybody()
    {
        var engine = await new EngineHost().OnFaultyStore().Handle("gate", _gate.PassAsync).StartAsync();
        await engine.SubmitManyAsync("gate", 2);
        await _gate.EnteredAsync(2);
        engine.Get<FaultyStore>().FailNext(StoreCall.Complete, new StoppedStore(), times: 100);
        _gate.Let();

        // The clock stands still: neither a pause nor the grace of the job that still runs is waited for.
        await EngineHost.UntilAsync(() => engine.Get<Microsoft.Extensions.Hosting.IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
        await engine.StopAsync().WaitAsync(Patience.Limit);

        Assert.Equal(1, engine.Get<FaultyStore>().Calls(StoreCall.Complete));
        Assert.Equal(["the store takes no more writes"], engine.Get<Engine.Diagnostics.EngineHealth>().StuckLoops());
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task A_disk_that_is_full_for_minutes_ends_nothing_and_what_waits_is_written_when_there_is_room()
    {
        await using var engine = await new EngineHost().OnFaultyStore().Handle("gate", _gate.PassAsync).StartAsync();
        var (running, scheduled) = (await engine.SubmitAsync("gate"), await engine.SubmitAsync("gate", draft => draft with { Delay = TimeSpan.FromSeconds(1) }));
        await _gate.EnteredAsync();
        var store = engine.Get<FaultyStore>();

        foreach (var call in new[] { StoreCall.Claim, StoreCall.Complete, StoreCall.Advance })
        {
            store.FailNext(call, new FullStoreException(), times: 15);
        }

        _gate.Let(2);
        var ended = engine.EndOfAsync(scheduled);

        while (!ended.IsCompleted)
        {
            await engine.AdvanceAsync(TimeSpan.FromSeconds(1));

            // A loop that waits for room rests; one that is about to may take a turn for it.
            await EngineHost.UntilAsync(() => engine.Get<Engine.Diagnostics.EngineHealth>().StuckLoops().Count == 0);
        }

        Assert.Equal(JobState.Succeeded, (await engine.EndOfAsync(running)).State);
        Assert.Equal((JobState.Succeeded, 1), ((await ended).State, (await ended).Attempt));
        Assert.Null(engine.Get<Engine.Diagnostics.EngineHealth>().NotReadyBecause);
    }

    [Fact]
    public async Task A_bad_end_waits_for_room_as_long_as_it_takes_and_is_stored_as_it_was()
    {
        await using var engine = await new EngineHost().OnFaultyStore().Handle("gate", _gate.PassAsync).StartAsync();
        var submitted = await engine.SubmitAsync("gate");
        var store = engine.Get<FaultyStore>();

        // Bad until it is tried by itself; then the disk is full.
        store.IsBad = _ => store.Calls(StoreCall.Complete) is var calls && calls <= 5 ? throw new InvalidOperationException("A bad end.")
            : calls <= 25 ? throw new FullStoreException() : false;
        var ending = engine.EndOfAsync(submitted);

        _gate.Let();
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => ending.IsCompleted);

        Assert.Equal(JobState.Succeeded, (await ending).State);
        Assert.Equal(26, store.Calls(StoreCall.Complete));
        Assert.Null(engine.Get<Engine.Diagnostics.EngineHealth>().NotReadyBecause);
    }

    [Fact]
    public async Task An_end_that_is_stored_before_the_disk_is_full_for_the_next_one_is_counted_once()
    {
        await using var engine = await new EngineHost().With("Workers:MinWorkers", 4).With("Workers:MaxWorkers", 4)
            .OnFaultyStore().Handle("gate", _gate.PassAsync).StartAsync();
        var jobs = await engine.SubmitManyAsync("gate", 4);
        await _gate.EnteredAsync(4);
        var store = engine.Get<FaultyStore>();
        var hold = store.HoldNext(StoreCall.Complete);
        _gate.Let();
        await hold.Entered;
        _gate.Let(3);
        await EngineHost.UntilAsync(() => engine.Get<Engine.Dispatch.Hands>().Idle == 4);

        // The first write has one end, and the second the others: together they cannot be stored, and of each by itself the second finds no room.
        store.IsBad = _ => store.Calls(StoreCall.Complete) switch
        {
            2 => true,
            4 => throw new FullStoreException(),
            _ => false,
        };
        hold.Release();
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => engine.Get<Engine.Execution.Occupancy>().Held == 0);

        Assert.All(await Task.WhenAll(jobs.Select(engine.EndOfAsync)), job => Assert.Equal(JobState.Succeeded, job.State));

        // When a later end is stored everything is counted that belongs to these.
        _gate.Let();
        await engine.EndOfAsync(await engine.SubmitAsync("gate"));
        Assert.Equal((5L, 0L), (engine.Metrics.Snapshot().Total.Processed, engine.Metrics.StaleCompletions));
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

    private sealed class StoppedStore : StoreException
    {
        public StoppedStore()
            : base("no more") => IsFinal = true;
    }
}
