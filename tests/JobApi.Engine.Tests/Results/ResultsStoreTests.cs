using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Tests.Support;

namespace JobApi.Engine.Tests.Results;

public sealed class ResultsStoreTests
{
    private readonly Gate _gate = new();

    [Fact]
    public async Task A_waiter_is_woken_by_the_change_itself()
    {
        await using var engine = await new EngineHost().Handle("gate", _gate.PassAsync).StartAsync();
        var submitted = await engine.SubmitAsync("gate");
        await _gate.EnteredAsync();
        var waiting = engine.Results.WaitAsync(submitted.Id, job => job.State.IsTerminal(), TimeSpan.FromHours(1), CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);

        _gate.Let();

        // The clock has not moved: nothing but the change can have ended the wait.
        Assert.Equal(JobState.Succeeded, (await waiting.WaitAsync(Patience.Limit)).Job!.State);
        Assert.Equal(0, engine.Results.Waiting);
    }

    [Fact]
    public async Task A_waiter_gets_what_is_known_when_its_time_is_up()
    {
        await using var engine = await new EngineHost().Handle("gate", _gate.PassAsync).StartAsync();
        var submitted = await engine.SubmitAsync("gate");
        await _gate.EnteredAsync();
        var waiting = engine.Results.WaitAsync(submitted.Id, job => job.State.IsTerminal(), TimeSpan.FromSeconds(5), CancellationToken.None).AsTask();

        await engine.AdvanceAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(JobState.Running, (await waiting.WaitAsync(Patience.Limit)).Job!.State);
        Assert.Equal(0, engine.Results.Waiting);
        _gate.Let();
    }

    [Fact]
    public async Task A_waiter_that_gives_up_leaves_nothing_behind()
    {
        await using var engine = await new EngineHost().Handle("gate", _gate.PassAsync).StartAsync();
        var submitted = await engine.SubmitAsync("gate");
        using var client = new CancellationTokenSource();
        var waiting = engine.Results.WaitAsync(submitted.Id, job => job.State.IsTerminal(), TimeSpan.FromHours(1), client.Token).AsTask();

        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience.Limit));
        Assert.Equal(0, engine.Results.Waiting);
        _gate.Let();
    }

    [Fact]
    public async Task Nobody_waits_for_a_job_that_does_not_exist()
    {
        await using var engine = await new EngineHost().StartAsync();

        Assert.Null((await engine.Results.WaitAsync(Guid.NewGuid(), _ => false, TimeSpan.FromHours(1), CancellationToken.None)).Job);
    }

    [Fact]
    public async Task A_deleted_job_is_gone_from_the_cache_and_wakes_its_waiters()
    {
        await using var engine = await new EngineHost().Handle("gate", _gate.PassAsync).StartAsync();
        _gate.Let();
        var ended = await engine.EndOfAsync(await engine.SubmitAsync("gate"));
        var waiting = engine.Results.WaitAsync(ended.Id, job => job.State == JobState.Queued, TimeSpan.FromHours(1), CancellationToken.None).AsTask();

        await engine.Get<IJobControl>().DeleteAsync(JobSelection.Of(ended.Id), CancellationToken.None);

        Assert.Null((await waiting.WaitAsync(Patience.Limit)).Job);
        Assert.Null(await engine.Results.FindAsync(ended.Id, CancellationToken.None));
    }
}
