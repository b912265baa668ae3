using JobApi.Engine.Lifecycle;
using JobApi.Engine.Tests.Support;
using JobApi.Engine.Workers;

namespace JobApi.Engine.Tests.Workers;

public sealed class WorkerPoolTests
{
    private readonly Gate _gate = new();

    [Fact]
    public async Task Growing_gives_waiting_jobs_to_the_new_workers_at_once()
    {
        await using var engine = await new EngineHost().Handle("gate", _gate.PassAsync).StartAsync();
        await engine.SubmitManyAsync("gate", 5);
        await _gate.EnteredAsync(2);

        engine.Pool.Resize(5, 5);

        await _gate.EnteredAsync(3);
        Assert.Equal(5, engine.Pool.Snapshot().Busy);
        _gate.Let(5);
    }

    [Fact]
    public async Task Shrinking_lets_the_job_in_hand_finish_and_takes_no_further_one()
    {
        await using var engine = await new EngineHost().Handle("gate", _gate.PassAsync).StartAsync();
        var jobs = await engine.SubmitManyAsync("gate", 4);
        await _gate.EnteredAsync(2);

        engine.Pool.Resize(1, 1);
        Assert.Equal(2, _gate.Inside);

        _gate.Let(2);
        await engine.EndOfAsync(jobs[0]);
        await engine.EndOfAsync(jobs[1]);
        await _gate.EnteredAsync(1);
        await EngineHost.UntilAsync(() => engine.Pool.Snapshot().Size == 1);

        _gate.Let(2);
        await engine.EndOfAsync(jobs[3]);
        Assert.Equal(JobState.Succeeded, (await engine.EndOfAsync(jobs[2])).State);
        Assert.Equal(2, _gate.Most);
    }

    [Fact]
    public async Task Idle_workers_go_at_once()
    {
        await using var engine = await new EngineHost().With("Workers:MaxWorkers", 8).With("Workers:MinWorkers", 8).StartAsync();

        engine.Pool.Resize(1, 8);
        engine.Pool.Resize(1, 1);

        await EngineHost.UntilAsync(() => engine.Pool.Snapshot().Size == 1);
    }

    [Fact]
    public async Task Growing_again_keeps_the_workers_that_were_about_to_go()
    {
        await using var engine = await new EngineHost().Handle("gate", _gate.PassAsync).StartAsync();
        await engine.SubmitManyAsync("gate", 4);
        await _gate.EnteredAsync(2);

        engine.Pool.Resize(1, 1);
        engine.Pool.Resize(2, 2);

        Assert.Equal(["worker-1", "worker-2"], engine.Pool.Snapshot().Workers.Select(worker => worker.Name).Order());
        _gate.Let(4);
        await _gate.EnteredAsync(2);
    }

    [Fact]
    public async Task A_busy_worker_says_what_it_runs_and_since_when()
    {
        await using var engine = await new EngineHost().Handle("gate", _gate.PassAsync).StartAsync();
        var job = await engine.SubmitAsync("gate");
        await _gate.EnteredAsync();

        var busy = Assert.Single(engine.Pool.Snapshot().Workers, worker => worker.JobId is not null);

        Assert.Equal((job.Id, "gate", engine.Time.GetUtcNow()), (busy.JobId!.Value, busy.JobType!, busy.BusySince!.Value));
        Assert.Equal(busy.Name, engine.Pool.WorkerOf(job.Id));
        _gate.Let();
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 2)]
    [InlineData(1, WorkerPool.MaxSize + 1)]
    public async Task Bounds_out_of_order_are_refused(int min, int max)
    {
        await using var engine = await new EngineHost().StartAsync();

        Assert.Throws<ArgumentOutOfRangeException>(() => engine.Pool.Resize(min, max));
        Assert.Equal(2, engine.Pool.Snapshot().Size);
    }

    [Fact]
    public async Task Jobs_that_their_type_holds_back_do_not_grow_the_pool()
    {
        await using var engine = await new EngineHost().With("Workers:MaxWorkers", 8)
            .Handle("limited", _gate.PassAsync, options => options.MaxConcurrency = 1).StartAsync();
        await engine.SubmitManyAsync("limited", 40);
        await _gate.EnteredAsync();

        for (var tick = 0; tick < 5; tick++)
        {
            await engine.AdvanceAsync(TimeSpan.FromSeconds(10), loop: "scaler");
        }

        Assert.Equal(2, engine.Pool.Snapshot().Size);
        _gate.Let(40);
    }

    [Fact]
    public async Task A_burst_grows_the_pool_and_a_lull_shrinks_it()
    {
        await using var engine = await new EngineHost()
            .With("Workers:MinWorkers", 1).With("Workers:MaxWorkers", 4).Handle("gate", _gate.PassAsync).StartAsync();

        await engine.SubmitManyAsync("gate", 40);
        await _gate.EnteredAsync(1);
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(3), () => engine.Pool.Snapshot().Size == 4);
        await _gate.EnteredAsync(3);

        _gate.Let(40);
        await _gate.EnteredAsync(36);
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(3), () => engine.Pool.Snapshot().Size == 1);

        Assert.Equal(4, _gate.Most);
        Assert.Equal([(2, 1), (3, 2), (4, 3), (3, 4), (2, 3), (1, 2), (0, 1)], engine.Pool.Snapshot().Decisions.Select(step => (step.From, step.To)));
    }
}
