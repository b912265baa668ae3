using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Tests.Support;

namespace JobApi.Engine.Tests.Execution;

/// <summary>Whatever a handler throws, and wherever it throws it, costs its own job and nothing else.</summary>
public sealed class ErrorIsolationTests
{
    public static TheoryData<string> Places => ["in its call", "after an await", "in an async void method", "on a thread", "on the thread pool"];

    [Theory]
    [MemberData(nameof(Places))]
    public async Task An_exception_fails_its_job_and_the_neighbour_succeeds(string place)
    {
        await using var engine = await Engine(place, _ => { }).StartAsync();
        await AssertIsolatedAsync(engine);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task The_same_holds_for_a_handler_with_a_thread_of_its_own(string place)
    {
        await using var engine = await Engine(place, options => options.IsBlocking = true).StartAsync();
        await AssertIsolatedAsync(engine);
    }

    [Fact]
    public async Task A_callback_on_the_token_that_throws_does_no_harm()
    {
        await using var engine = await new EngineHost().Handle("rude", async (_, token) =>
        {
            token.Register(() => throw new InvalidOperationException("from a callback"));
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return "never";
        }).StartAsync();
        var submitted = await engine.SubmitAsync("rude", draft => draft with { Timeout = TimeSpan.FromSeconds(1), MaxAttempts = 1 });

        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => engine.Metrics.Snapshot().Total.Failed == 1);

        Assert.Equal("timeout", (await engine.EndOfAsync(submitted)).Error!.Type);
    }

    [Fact]
    public async Task An_exception_whose_message_throws_fails_its_job_and_the_worker_goes_on()
    {
        await using var engine = await new EngineHost().Handle("mute", (_, _) => throw new MuteException()).StartAsync();

        var job = await engine.EndOfAsync(await engine.SubmitAsync("mute", draft => draft with { MaxAttempts = 1 }));

        Assert.Equal((JobState.Failed, "exception"), (job.State, job.Error!.Type));
        Assert.Equal(["worker-1", "worker-2"], engine.Pool.Snapshot().Workers.Select(worker => worker.Name).Order());
    }

    [Fact]
    public async Task A_pause_without_end_is_cut_to_the_longest_one()
    {
        await using var engine = await new EngineHost()
            .Handle("never", (_, _) => Task.FromResult<Attempt<string>>(Failure.Temporary("later", TimeSpan.MaxValue))).StartAsync();

        var submitted = await engine.SubmitAsync("never");
        var waiting = await engine.WaitAsync(submitted.Id, job => job.State == JobState.Scheduled);

        Assert.Equal(RetryPolicy.MaxPause, waiting.RunAt - engine.Time.GetUtcNow());
    }

    [Theory]
    [InlineData(-5, 60, 4)]
    [InlineData(60, 5, 4)]
    [InlineData(5, 60, 0)]
    public void Options_that_make_no_sense_are_refused_at_the_registration(int timeout, int maxTimeout, int attempts) =>
        Assert.Throws<ArgumentException>(() => new EngineHost().Handle("odd", (_, _) => throw new InvalidOperationException(), options =>
            (options.Timeout, options.MaxTimeout, options.MaxAttempts) = (TimeSpan.FromSeconds(timeout), TimeSpan.FromSeconds(maxTimeout), attempts)));

    [Fact]
    public async Task Awaits_of_a_handler_with_its_own_thread_stay_on_that_thread()
    {
        await using var engine = await new EngineHost().Handle("own", async (_, _) =>
        {
            var before = Environment.CurrentManagedThreadId;
            await Task.Yield();
            await Task.Run(() => { }, CancellationToken.None);
            return $"{Thread.CurrentThread.IsThreadPoolThread} {before == Environment.CurrentManagedThreadId}";
        }, options => options.IsCpuBound = true).StartAsync();

        var job = await engine.EndOfAsync(await engine.SubmitAsync("own"));

        Assert.Equal("\"False True\"", System.Text.Encoding.UTF8.GetString(job.Result!.Value.Span));
    }

    private static EngineHost Engine(string place, Action<JobTypeOptions> configure) => new EngineHost()
        .Handle("bad", (_, token) => ThrowAsync(place, token), configure)
        .Handle("good", (_, _) => Task.FromResult<Attempt<string>>("fine"));

    private static async Task AssertIsolatedAsync(EngineHost engine)
    {
        var bad = await engine.EndOfAsync(await engine.SubmitAsync("bad", draft => draft with { MaxAttempts = 1 }));
        var good = await engine.EndOfAsync(await engine.SubmitAsync("good"));

        Assert.Equal((JobState.Failed, "exception"), (bad.State, bad.Error!.Type));
        Assert.Contains("InvalidOperationException: boo", bad.Error.Detail, StringComparison.Ordinal);
        Assert.Equal(JobState.Succeeded, good.State);
        Assert.Equal(2, engine.Pool.Snapshot().Size);
    }

    private static async Task<Attempt<string>> ThrowAsync(string place, CancellationToken token)
    {
        switch (place)
        {
            case "after an await":
                await Task.Yield();
                break;
            case "in an async void method":
                ThrowVoid();
                break;
            case "on a thread":
                new Thread(Throw).Start();
                break;
            case "on the thread pool":
                ThreadPool.QueueUserWorkItem(_ => Throw());
                break;
        }

        if (place is "in its call" or "after an await")
        {
            Throw();
        }

        // The exception reaches the job through its token.
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        return "never";
    }

    private static void Throw() => throw new InvalidOperationException("boo");

    private static async void ThrowVoid()
    {
        await Task.Yield();
        Throw();
    }

    private sealed class MuteException : Exception
    {
        public override string Message => throw new InvalidOperationException("no message");
    }
}
