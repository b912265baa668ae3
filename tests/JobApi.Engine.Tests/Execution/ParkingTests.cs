using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Tests.Support;
using Polly.CircuitBreaker;

namespace JobApi.Engine.Tests.Execution;

/// <summary>Parking is charged to no budget, so nothing but its pause keeps a job that is turned away from coming again at once.</summary>
public sealed class ParkingTests
{
    private readonly Gate _gate = new();

    [Fact]
    public async Task A_probe_that_takes_longer_than_the_rest_of_its_circuit_lets_nobody_spin_meanwhile()
    {
        var isDown = true;
        await using var engine = await new EngineHost().Handle(
            "frail",
            (context, token) => isDown ? throw new InvalidOperationException("down") : _gate.PassAsync(context, token),
            options => options.CircuitBreaker = new CircuitBreakerStrategyOptions { MinimumThroughput = 2, BreakDuration = TimeSpan.FromSeconds(5) }).StartAsync();
        await engine.EndOfAsync(await engine.SubmitAsync("frail", draft => draft with { MaxAttempts = 1 }));
        await engine.EndOfAsync(await engine.SubmitAsync("frail", draft => draft with { MaxAttempts = 1 }));

        isDown = false;
        await engine.AdvanceAsync(TimeSpan.FromSeconds(5));
        var probe = await engine.SubmitAsync("frail");
        await _gate.EnteredAsync();
        await engine.AdvanceAsync(TimeSpan.FromSeconds(20));
        var other = await engine.SubmitAsync("frail");
        var waiting = await engine.WaitAsync(other.Id, job => job.State == JobState.Scheduled);

        Assert.Equal((WaitingReason.CircuitOpen, TimeSpan.FromSeconds(1), 0), (waiting.Waiting!.Value, waiting.RunAt - engine.Time.GetUtcNow(), waiting.Failures));
        _gate.Let(2);
        Assert.Equal(JobState.Succeeded, (await engine.EndOfAsync(probe)).State);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public async Task A_handler_that_asks_for_no_pause_is_given_one(int seconds)
    {
        await using var engine = await new EngineHost()
            .Handle("limited", (_, _) => Task.FromResult<Attempt<string>>(Failure.RateLimited("too many", TimeSpan.FromSeconds(seconds)))).StartAsync();

        var submitted = await engine.SubmitAsync("limited");
        var waiting = await engine.WaitAsync(submitted.Id, job => job.State == JobState.Scheduled);

        Assert.Equal((WaitingReason.RateLimit, TimeSpan.FromSeconds(1), 1), (waiting.Waiting!.Value, waiting.RunAt - engine.Time.GetUtcNow(), waiting.Attempt));
    }
}
