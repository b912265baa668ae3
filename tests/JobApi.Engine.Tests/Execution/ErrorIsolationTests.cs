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
}
