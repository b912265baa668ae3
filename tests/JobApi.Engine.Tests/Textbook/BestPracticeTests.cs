using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Submission;
using JobApi.Engine.Tests.Support;
using JobApi.Engine.Workers;

namespace JobApi.Engine.Tests.Textbook;

/// <summary>The seven best practices of the worker-pool pattern, one test for each.</summary>
public sealed class BestPracticeTests
{
    private readonly Gate _gate = new();

    [Fact]
    public void Right_size_the_default_pool_follows_the_processors()
    {
        var options = new WorkerOptions();

        Assert.Equal((Environment.ProcessorCount, 4 * Environment.ProcessorCount), (options.MinWorkers, options.MaxWorkers));
    }

    [Fact]
    public async Task Monitor_the_figures_are_those_of_what_happened()
    {
        await using var engine = await new EngineHost().Handle("gate", _gate.PassAsync)
            .Handle("bad", (_, _) => Task.FromResult<Attempt<string>>(Failure.Permanent("no"))).StartAsync();
        await engine.EndOfAsync(await engine.SubmitAsync("bad"));
        var job = await engine.SubmitAsync("gate");
        await _gate.EnteredAsync();

        Assert.Equal((2, 1), (engine.Pool.Snapshot().Size, engine.Pool.Snapshot().Busy));
        _gate.Let();
        await engine.EndOfAsync(job);

        var total = engine.Metrics.Snapshot().Total;
        Assert.Equal((2, 1, 1, 2), (total.Submitted, total.Processed, total.Failed, total.Duration.Count));
        await EngineHost.UntilAsync(() => engine.Pool.Snapshot().Busy == 0);
    }

    [Fact]
    public async Task Back_pressure_a_full_backlog_refuses_and_says_when_to_come_back()
    {
        await using var engine = await new EngineHost().With("MaxBacklog", 3).Handle("gate", _gate.PassAsync).StartAsync();
        var jobs = await engine.SubmitManyAsync("gate", 3);

        var refused = Assert.IsType<SubmitResult.NotAccepted>(await engine.TrySubmitAsync("gate"));
        Assert.InRange(refused.RetryAfter, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));

        // As soon as one has ended there is room for one.
        _gate.Let();
        await Task.WhenAny(jobs.Select(engine.EndOfAsync));
        Assert.IsType<SubmitResult.Accepted>(await engine.TrySubmitAsync("gate"));
        Assert.IsType<SubmitResult.NotAccepted>(await engine.TrySubmitAsync("gate"));
        _gate.Let(3);
    }

    [Fact]
    public async Task Graceful_shutdown_the_job_in_hand_ends_and_its_result_is_kept()
    {
        var engine = await new EngineHost().Handle("gate", _gate.PassAsync).StartAsync();
        var submitted = await engine.SubmitAsync("gate");
        await _gate.EnteredAsync();

        var stopping = engine.StopAsync();
        Assert.False(stopping.IsCompleted);
        _gate.Let();
        await stopping.WaitAsync(Patience.Limit);

        Assert.Equal(JobState.Succeeded, (await engine.Results.FindAsync(submitted.Id, CancellationToken.None))!.State);
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task Error_isolation_a_failing_job_leaves_the_worker_that_ran_it_as_it_was()
    {
        await using var engine = await new EngineHost().With("Workers:MinWorkers", 1).With("Workers:MaxWorkers", 1)
            .Handle("throws", (_, _) => throw new InvalidOperationException("boo"))
            .Handle("fine", (_, _) => Task.FromResult<Attempt<string>>("done")).StartAsync();

        await engine.EndOfAsync(await engine.SubmitAsync("throws", draft => draft with { MaxAttempts = 1 }));
        var fine = await engine.EndOfAsync(await engine.SubmitAsync("fine"));

        Assert.Equal((JobState.Succeeded, "worker-1"), (fine.State, fine.Worker));
    }

    [Fact]
    public async Task Clean_up_finished_jobs_go_when_their_time_is_over()
    {
        await using var engine = await new EngineHost().With("Retention:Succeeded", "01:00:00").Handle("gate", _gate.PassAsync).StartAsync();
        _gate.Let();
        var ended = await engine.EndOfAsync(await engine.SubmitAsync("gate"));

        await engine.AdvanceAsync(TimeSpan.FromMinutes(59), loop: "retention");
        Assert.NotNull(await engine.Results.FindAsync(ended.Id, CancellationToken.None));

        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(10), () => engine.Results.Cached == 0);
        Assert.Null(await engine.Results.FindAsync(ended.Id, CancellationToken.None));
    }

    [Fact]
    public async Task Even_distribution_no_worker_starves_while_jobs_wait()
    {
        await using var engine = await new EngineHost().With("Workers:MinWorkers", 4).With("Workers:MaxWorkers", 4).Handle("gate", _gate.PassAsync).StartAsync();
        var jobs = await engine.SubmitManyAsync("gate", 40);

        // Round after round every worker has one job in hand, and nobody has two.
        for (var round = 0; round < 10; round++)
        {
            await _gate.EnteredAsync(4);
            _gate.Let(4);
        }

        var ended = await Task.WhenAll(jobs.Select(engine.EndOfAsync));
        Assert.Equal(4, _gate.Most);
        Assert.All(ended.GroupBy(job => job.Worker), share => Assert.True(share.Count() >= 5, $"{share.Key} ran only {share.Count()} of 40 jobs."));
        Assert.Equal(4, ended.Select(job => job.Worker).Distinct().Count());
    }
}
