using JobApi.Engine.Lifecycle;
using JobApi.Engine.Results;
using JobApi.Engine.Tests.Support;

namespace JobApi.Engine.Tests.Results;

/// <summary>Many who wait at once: there are only so many, they need no threads, and all of them go when their jobs end.</summary>
public sealed class WaiterBoundTests
{
    private readonly Gate _gate = new();

    [Fact]
    public async Task Whoever_comes_when_too_many_wait_is_answered_at_once_and_told_so()
    {
        await using var engine = await new EngineHost().With("Results:MaxWaiters", 2).Handle("gate", _gate.PassAsync).StartAsync();
        var job = await engine.SubmitAsync("gate");
        await _gate.EnteredAsync();
        var (first, second) = (EndOf(engine, job), EndOf(engine, job));

        var third = await EndOf(engine, job).WaitAsync(Patience.Limit);
        Assert.Equal((JobState.Running, true), (third.Job!.State, third.IsCutShort));

        _gate.Let();
        Waited[] ended = [await first.WaitAsync(Patience.Limit), await second.WaitAsync(Patience.Limit)];
        Assert.All(ended, one => Assert.Equal((JobState.Succeeded, false), (one.Job!.State, one.IsCutShort)));
        Assert.Equal(0, engine.Results.Waiting);
    }

    [Fact]
    public async Task A_place_that_was_left_is_free_again()
    {
        await using var engine = await new EngineHost().With("Results:MaxWaiters", 1).Handle("gate", _gate.PassAsync).StartAsync();
        var job = await engine.SubmitAsync("gate");
        await _gate.EnteredAsync();
        using var client = new CancellationTokenSource();
        var leaving = engine.Results.WaitAsync(job.Id, latest => latest.State.IsTerminal(), TimeSpan.FromHours(1), client.Token).AsTask();
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving.WaitAsync(Patience.Limit));

        var next = EndOf(engine, job);
        _gate.Let();

        Assert.Equal(JobState.Succeeded, (await next.WaitAsync(Patience.Limit)).Job!.State);
    }

    [Fact]
    public async Task Whoever_does_not_have_to_wait_takes_no_place()
    {
        await using var engine = await new EngineHost().With("Results:MaxWaiters", 0).Handle("gate", _gate.PassAsync).StartAsync();
        var job = await engine.SubmitAsync("gate");
        await _gate.EnteredAsync();

        var look = await engine.Results.WaitAsync(job.Id, latest => latest.State.IsTerminal(), TimeSpan.Zero, CancellationToken.None);
        var known = await engine.Results.WaitAsync(job.Id, latest => latest.State == JobState.Running, TimeSpan.FromHours(1), CancellationToken.None);
        _gate.Let();

        Assert.Equal((JobState.Running, false), (look.Job!.State, look.IsCutShort));
        Assert.False(known.IsCutShort);
    }

    [Fact]
    public async Task Thousands_wait_without_threads_of_their_own_and_all_go_when_their_jobs_end()
    {
        const int Waiters = 5_000;
        await using var engine = await new EngineHost().Handle("gate", _gate.PassAsync).StartAsync();
        Job[] jobs = [await engine.SubmitAsync("gate"), await engine.SubmitAsync("gate")];
        await _gate.EnteredAsync(jobs.Length);
        var threads = ThreadPool.ThreadCount;

        var waiting = Enumerable.Range(0, Waiters).Select(number => EndOf(engine, jobs[number % jobs.Length])).ToList();

        Assert.Equal(Waiters, engine.Results.Waiting);
        Assert.InRange(ThreadPool.ThreadCount, 0, threads + 100);

        _gate.Let(jobs.Length);
        Assert.All(await Task.WhenAll(waiting).WaitAsync(Patience.Limit), one => Assert.Equal(JobState.Succeeded, one.Job!.State));
        Assert.Equal(0, engine.Results.Waiting);
    }

    private static Task<Waited> EndOf(EngineHost engine, Job job) =>
        engine.Results.WaitAsync(job.Id, latest => latest.State.IsTerminal(), TimeSpan.FromHours(1), CancellationToken.None).AsTask();
}
