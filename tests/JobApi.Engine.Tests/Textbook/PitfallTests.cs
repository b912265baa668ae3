using System.Diagnostics.CodeAnalysis;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Submission;
using JobApi.Engine.Tests.Support;

namespace JobApi.Engine.Tests.Textbook;

/// <summary>The five pitfalls of the worker-pool pattern, one test for each: what goes wrong elsewhere does not go wrong here.</summary>
public sealed class PitfallTests
{
    private readonly Gate _gate = new();

    [Fact]
    public async Task Too_many_workers_for_cpu_bound_work_only_as_many_run_as_there_are_processors()
    {
        var processors = Environment.ProcessorCount;
        await using var engine = await new EngineHost().With("Workers:MinWorkers", 4 * processors).With("Workers:MaxWorkers", 4 * processors)
            .Handle("computes", _gate.PassAsync, options => options.IsCpuBound = true)
            .Handle("waits", (_, _) => Task.FromResult<Attempt<string>>("done")).StartAsync();
        var jobs = await engine.SubmitManyAsync("computes", 4 * processors);
        await _gate.EnteredAsync(processors);

        // The other workers are free for jobs that wait, although computing ones came first.
        Assert.Equal(JobState.Succeeded, (await engine.EndOfAsync(await engine.SubmitAsync("waits"))).State);
        Assert.Equal(processors, engine.Pool.Snapshot().Busy);

        _gate.Let(4 * processors);
        await Task.WhenAll(jobs.Select(engine.EndOfAsync));
        Assert.Equal(processors, _gate.Most);
    }

    [Fact]
    public async Task Unbounded_queue_the_backlog_never_exceeds_its_bound()
    {
        await using var engine = await new EngineHost().With("MaxBacklog", 50).Handle("gate", _gate.PassAsync).StartAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => Task.Run(() => engine.TrySubmitAsync("gate"))));

        Assert.Equal(50, results.Count(result => result is SubmitResult.Accepted));
        Assert.Equal(450, results.Count(result => result is SubmitResult.NotAccepted));
        _gate.Let(50);
    }

    [Fact]
    public async Task Unbounded_queue_the_bytes_of_the_backlog_are_bounded_too()
    {
        await using var engine = await new EngineHost().With("MaxBacklogBytes", 4_096).Handle("gate", _gate.PassAsync).StartAsync();

        var results = new List<SubmitResult>();

        for (var i = 0; i < 10; i++)
        {
            results.Add(await engine.TrySubmitAsync("gate", draft => draft with { Payload = System.Text.Encoding.UTF8.GetBytes($$"""{"text":"{{new string('x', 289)}}"}""") }));
        }

        Assert.Equal(3, results.Count(result => result is SubmitResult.Accepted));
        _gate.Let(3);
    }

    [Fact]
    public async Task Worker_leak_every_worker_that_was_ever_hired_is_gone_in_the_end()
    {
        var never = new TaskCompletionSource<Attempt<string>>();
        var engine = await new EngineHost().With("Workers:MinWorkers", 1).With("Workers:MaxWorkers", 8)
            .Handle("gate", _gate.PassAsync)
            .Handle("stuck", (_, _) => never.Task).StartAsync();

        for (var round = 0; round < 20; round++)
        {
            engine.Pool.Resize(8, 8);
            engine.Pool.Resize(1, 1);
        }

        // A stuck handler is fenced off; it does not keep its worker.
        await engine.SubmitAsync("stuck", draft => draft with { MaxAttempts = 1, Timeout = TimeSpan.FromSeconds(1) });
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => engine.Metrics.Snapshot().Total.Failed == 1);
        await EngineHost.UntilAsync(() => engine.Pool.Snapshot().Size == 1);

        never.SetResult("late");
        await engine.StopAsync();
        Assert.Equal(0, engine.Pool.Snapshot().Size);
        await engine.DisposeAsync();
    }

    [Fact]
    [SuppressMessage("Usage", "xUnit1031:Do not use blocking task operations in test method", Justification = "Blocking is what is tested.")]
    public async Task Blocking_operation_blocked_handlers_do_not_take_the_thread_pool_with_them()
    {
        using var release = new ManualResetEventSlim();
        using var blocked = new CountdownEvent(64);
        var onThePool = 0;
        await using var engine = await new EngineHost().With("Workers:MinWorkers", 64).With("Workers:MaxWorkers", 64).Handle("blocks", (_, _) =>
        {
            Interlocked.Add(ref onThePool, Thread.CurrentThread.IsThreadPoolThread ? 1 : 0);
            blocked.Signal();
            release.Wait(CancellationToken.None);
            return Task.FromResult<Attempt<string>>("done");
        }, options => options.IsBlocking = true).StartAsync();

        // The pool takes as many threads as there are processors whenever there is something to do, and may have more from before.
        var threads = Math.Max(ThreadPool.ThreadCount, Environment.ProcessorCount);
        var jobs = await engine.SubmitManyAsync("blocks", 64);
        Assert.True(blocked.Wait(Patience.Limit, CancellationToken.None), $"{blocked.CurrentCount} of 64 jobs did not start.");

        // Sixty-four handlers block now, and none of them has a thread that anybody else needs.
        Assert.Equal(0, onThePool);
        Assert.True(ThreadPool.ThreadCount < threads + 32, $"The pool has grown from {threads} to {ThreadPool.ThreadCount} threads.");
        release.Set();
        await Task.WhenAll(jobs.Select(engine.EndOfAsync));
    }

    [Fact]
    public async Task No_back_pressure_a_slow_store_slows_the_workers_down_instead_of_filling_the_memory()
    {
        await using var engine = await new EngineHost().With("MaxBacklog", 100_000).With("Workers:MinWorkers", 8).With("Workers:MaxWorkers", 8)
            .OnFaultyStore().Handle("quick", (_, _) => Task.FromResult<Attempt<string>>("done")).StartAsync();
        var hold = engine.Get<JobApi.Testing.FaultyStore>().HoldNext(JobApi.Testing.StoreCall.Complete);
        var submitting = engine.SubmitManyAsync("quick", 6_000);
        await submitting;

        // The store takes nothing in: the buffer fills to its bound, then the workers wait with their jobs.
        await EngineHost.UntilAsync(() => engine.Get<HeldJobs>().Count is > 4_000 and < 5_100 && engine.Get<JobApi.Engine.Dispatch.Hands>().Idle == 0);

        hold.Release();
        await EngineHost.UntilAsync(() => engine.Metrics.Snapshot().Total.Processed == 6_000);
    }
}
