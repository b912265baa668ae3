using JobApi.Engine.Diagnostics;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Tests.Support;
using JobApi.Testing;

namespace JobApi.Engine.Tests.Execution;

public sealed class JobExecutorTests
{
    private readonly Gate _gate = new();

    [Fact]
    public async Task A_result_ends_the_job_succeeded_with_the_result_as_json()
    {
        await using var engine = await new EngineHost().Handle("ok", (_, _) => Task.FromResult<Attempt<string>>("done")).StartAsync();

        var job = await engine.EndOfAsync(await engine.SubmitAsync("ok"));

        Assert.Equal((JobState.Succeeded, "\"done\"", 1), (job.State, System.Text.Encoding.UTF8.GetString(job.Result!.Value.Span), job.Attempt));
    }

    [Fact]
    public async Task A_permanent_failure_fails_the_job_whatever_budget_is_left()
    {
        await using var engine = await new EngineHost()
            .Handle("no", (_, _) => Task.FromResult<Attempt<string>>(Failure.Permanent("never", "bad-input"))).StartAsync();

        var job = await engine.EndOfAsync(await engine.SubmitAsync("no", draft => draft with { MaxAttempts = 10 }));

        Assert.Equal((JobState.Failed, 1, "bad-input", "never"), (job.State, job.Attempt, job.Error!.Type, job.Error.Detail));
    }

    [Fact]
    public async Task A_temporary_failure_is_tried_again_after_the_backoff_and_not_before()
    {
        await using var engine = await new EngineHost()
            .Handle("flaky", (context, _) => Task.FromResult<Attempt<string>>(context.Failures == 0 ? Failure.Temporary("not yet") : "done")).StartAsync();

        var submitted = await engine.SubmitAsync("flaky", draft => draft with
        {
            Backoff = new Backoff(BackoffKind.Constant, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60)),
        });
        var waiting = await engine.WaitAsync(submitted.Id, job => job.State == JobState.Scheduled);

        // Equal jitter: between half of the pause and the whole of it.
        Assert.InRange(waiting.RunAt - engine.Time.GetUtcNow(), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));
        Assert.Equal((WaitingReason.Backoff, 1), (waiting.Waiting!.Value, waiting.Failures));

        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(10), () => engine.Metrics.Snapshot().Total.Processed == 1);
        var job = await engine.EndOfAsync(submitted);
        Assert.Equal((JobState.Succeeded, 2, 1), (job.State, job.Attempt, job.Failures));
        Assert.True(job.StartedAt >= waiting.RunAt);
    }

    [Fact]
    public async Task The_pause_a_failure_asks_for_lengthens_the_backoff()
    {
        await using var engine = await new EngineHost()
            .Handle("limited", (_, _) => Task.FromResult<Attempt<string>>(Failure.Temporary("later", TimeSpan.FromHours(2)))).StartAsync();

        var submitted = await engine.SubmitAsync("limited");
        var waiting = await engine.WaitAsync(submitted.Id, job => job.State == JobState.Scheduled);

        Assert.Equal(TimeSpan.FromHours(2), waiting.RunAt - engine.Time.GetUtcNow());
    }

    [Fact]
    public async Task A_spent_budget_fails_the_job_with_the_last_error()
    {
        await using var engine = await new EngineHost().Handle("throws", (_, _) => throw new InvalidOperationException("boo")).StartAsync();

        var job = await engine.EndOfAsync(await engine.SubmitAsync("throws", draft => draft with { MaxAttempts = 1 }));

        Assert.Equal((JobState.Failed, "exception"), (job.State, job.Error!.Type));
        Assert.Equal("System.InvalidOperationException: boo", job.Error.Detail);
    }

    [Fact]
    public async Task A_timeout_fires_the_token_and_counts_as_a_failure()
    {
        await using var engine = await new EngineHost().Handle("gate", _gate.PassAsync).StartAsync();
        var submitted = await engine.SubmitAsync("gate", draft => draft with { Timeout = TimeSpan.FromSeconds(30), MaxAttempts = 1 });
        await _gate.EnteredAsync();

        await engine.AdvanceAsync(TimeSpan.FromSeconds(30));

        var job = await engine.EndOfAsync(submitted);
        Assert.Equal((JobState.Failed, "timeout", TimeSpan.FromSeconds(30)), (job.State, job.Error!.Type, job.Duration!.Value));
    }

    [Fact]
    public async Task A_failure_for_good_outweighs_a_cancellation_and_one_that_may_pass_does_not()
    {
        Behaviour Fails(Failure failure) => async (_, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return failure;
        };
        await using var engine = await new EngineHost()
            .Handle("permanent", Fails(Failure.Permanent("no")))
            .Handle("temporary", Fails(Failure.Temporary("not yet"))).StartAsync();
        var (permanent, temporary) = (await engine.SubmitAsync("permanent"), await engine.SubmitAsync("temporary"));
        await EngineHost.UntilAsync(() => engine.Pool.Snapshot().Busy == 2);

        await engine.Get<Engine.Storage.IJobControl>().CancelAsync(
            Engine.Storage.JobSelection.Of(permanent.Id, temporary.Id), Jobs.Asked(), engine.Time.GetUtcNow(), CancellationToken.None);

        Assert.Equal(JobState.Failed, (await engine.EndOfAsync(permanent)).State);
        Assert.Equal(JobState.Canceled, (await engine.EndOfAsync(temporary)).State);
    }

    [Fact]
    public async Task A_fenced_handler_keeps_its_place_of_its_type_until_it_really_ends()
    {
        var never = new TaskCompletionSource();
        await using var engine = await new EngineHost().Handle("computes", async (context, token) =>
        {
            if (context.Attempt == 1 && !never.Task.IsCompleted)
            {
                await never.Task;
            }

            return "done";
        }, options => options.MaxConcurrency = 1).StartAsync();
        var stuck = await engine.SubmitAsync("computes", draft => draft with { Timeout = TimeSpan.FromSeconds(30), MaxAttempts = 1 });
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(5), () => engine.Pool.Snapshot().AbandonedHandlers == 1);
        await engine.EndOfAsync(stuck);

        Assert.Equal(JobState.Queued, (await engine.SubmitAsync("computes")).State);

        // The clock stands still: its end is the signal.
        never.SetResult();
        await EngineHost.UntilAsync(() => engine.Metrics.Snapshot().Total.Processed == 1);
    }

    [Fact]
    public async Task More_abandoned_handlers_than_are_allowed_fail_the_liveness_until_they_end()
    {
        var never = new TaskCompletionSource<Attempt<string>>();
        await using var engine = await new EngineHost().With("Execution:MaxAbandonedHandlers", 1).Handle("stuck", (_, _) => never.Task).StartAsync();
        var health = engine.Get<Engine.Diagnostics.EngineHealth>();

        await engine.SubmitAsync("stuck", draft => draft with { Timeout = TimeSpan.FromSeconds(30), MaxAttempts = 1 });
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(5), () => engine.Pool.Snapshot().AbandonedHandlers == 1);
        Assert.DoesNotContain(health.StuckLoops(), IsAboutHandlers);

        await engine.SubmitAsync("stuck", draft => draft with { Timeout = TimeSpan.FromSeconds(30), MaxAttempts = 1 });
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(5), () => engine.Pool.Snapshot().AbandonedHandlers == 2);
        Assert.Contains("2 handlers that ignored their cancellation", health.StuckLoops());

        never.SetResult("late");
        await EngineHost.UntilAsync(() => !health.StuckLoops().Any(IsAboutHandlers));

        // A clock that runs in steps of seconds may find a loop at work, too.
        static bool IsAboutHandlers(string stuck) => stuck.Contains("handlers", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_that_ignores_its_token_is_fenced_off_and_its_worker_goes_on()
    {
        var never = new TaskCompletionSource<Attempt<string>>();
        await using var engine = await new EngineHost().With("Workers:MinWorkers", 1).With("Workers:MaxWorkers", 1)
            .Handle("stuck", (_, _) => never.Task)
            .Handle("ok", (_, _) => Task.FromResult<Attempt<string>>("done")).StartAsync();
        var stuck = await engine.SubmitAsync("stuck", draft => draft with { Timeout = TimeSpan.FromSeconds(30), MaxAttempts = 1 });
        var next = await engine.SubmitAsync("ok");

        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(5), () => engine.Known(stuck.Id)?.State.IsTerminal() == true);

        var job = await engine.EndOfAsync(stuck);
        Assert.Equal((JobState.Failed, "timeout"), (job.State, job.Error!.Type));
        Assert.Equal(JobState.Succeeded, (await engine.EndOfAsync(next)).State);
        Assert.Equal((1, 1L), (engine.Pool.Snapshot().AbandonedHandlers, engine.Metrics.FencedHandlers));

        // Its late result is refused: the outcome that was committed stays.
        never.SetResult("late");
        await EngineHost.UntilAsync(() => engine.Pool.Snapshot().AbandonedHandlers == 0);
        Assert.Equal((JobState.Failed, job.Version), ((await engine.EndOfAsync(stuck)).State, (await engine.EndOfAsync(stuck)).Version));
    }

    [Fact]
    public async Task A_canceled_running_job_ends_canceled_when_its_handler_agrees()
    {
        await using var engine = await new EngineHost().Handle("gate", _gate.PassAsync).StartAsync();
        var submitted = await engine.SubmitAsync("gate");
        await _gate.EnteredAsync();

        var asked = Assert.Single(await engine.Get<IJobControl>().CancelAsync(
            JobSelection.Of(submitted.Id), Jobs.Asked("changed my mind"), engine.Time.GetUtcNow(), CancellationToken.None));

        Assert.Equal(ControlResult.Requested, asked.Result);
        var job = await engine.EndOfAsync(submitted);
        Assert.Equal((JobState.Canceled, "changed my mind"), (job.State, job.CancelReason));
    }

    [Fact]
    public async Task A_job_canceled_while_queued_never_runs()
    {
        await using var engine = await new EngineHost().Handle("gate", _gate.PassAsync).StartAsync();
        var jobs = await engine.SubmitManyAsync("gate", 3);
        await _gate.EnteredAsync(2);

        await engine.Get<IJobControl>().CancelAsync(JobSelection.Of(jobs[2].Id), Jobs.Asked(), engine.Time.GetUtcNow(), CancellationToken.None);
        _gate.Let(3);
        await engine.EndOfAsync(jobs[0]);
        await engine.EndOfAsync(jobs[1]);

        var job = await engine.EndOfAsync(jobs[2]);
        Assert.Equal((JobState.Canceled, 0), (job.State, job.Attempt));
    }

    [Fact]
    public async Task A_result_that_is_too_large_fails_the_job_for_good()
    {
        await using var engine = await new EngineHost().With("Execution:MaxResultBytes", 1024)
            .Handle("big", (_, _) => Task.FromResult<Attempt<string>>(new string('x', 2_000))).StartAsync();

        var job = await engine.EndOfAsync(await engine.SubmitAsync("big"));

        Assert.Equal((JobState.Failed, "result-too-large", 1), (job.State, job.Error!.Type, job.Attempt));
    }

    [Fact]
    public async Task The_metrics_average_is_over_all_ended_attempts_of_both_kinds()
    {
        EngineHost? engine = null;
        Task<Attempt<string>> After(int milliseconds, Attempt<string> end)
        {
            engine!.Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
            return Task.FromResult(end);
        }

        await using var host = engine = await new EngineHost().Handle("fast", (_, _) => After(10, "ok")).Handle("slow", (_, _) => After(30, Failure.Permanent("no"))).StartAsync();
        await engine.EndOfAsync(await engine.SubmitAsync("fast"));
        await engine.EndOfAsync(await engine.SubmitAsync("slow"));

        var total = engine.Get<JobMetrics>().Snapshot().Total;
        Assert.Equal((1, 1, 20), (total.Processed, total.Failed, total.Duration.AverageMs));
    }
}
