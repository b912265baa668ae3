using JobApi.Engine.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace JobApi.Engine.Tests.Diagnostics;

public sealed class LoopSupervisorTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_loop_that_throws_is_started_again_after_a_pause()
    {
        using var health = new EngineHealth(_time);
        using var stop = new CancellationTokenSource();
        var runs = 0;
        var loop = new Loop(async (heartbeat, token) =>
        {
            if (++runs < 3)
            {
                throw new IOException("no");
            }

            await heartbeat.RestUntilAsync(new ValueTask<bool>(ForeverAsync(token)));
        });

        var running = Supervise(health, loop, stop.Token);
        Assert.Equal(1, runs);
        await Support.EngineHost.UntilAsync(() => Advance(0.1) && runs == 3);
        await stop.CancelAsync();
        await running;

        Assert.False(health.Fatal.IsCancellationRequested);
    }

    [Fact]
    public async Task A_loop_that_cannot_go_on_stops_the_process_and_fails_the_liveness()
    {
        using var health = new EngineHealth(_time);

        var running = Supervise(health, new Loop((_, _) => throw new IOException("no")), CancellationToken.None);
        await Support.EngineHost.UntilAsync(() => Advance(10) && running.IsCompleted);

        Assert.True(health.Fatal.IsCancellationRequested);
        Assert.Equal(["loop failed 10 times in a row"], health.StuckLoops());
        Assert.Equal("loop failed 10 times in a row", health.NotReadyBecause);
    }

    [Fact]
    public async Task A_loop_that_does_not_come_back_to_rest_fails_the_liveness_and_one_that_rests_does_not()
    {
        using var health = new EngineHealth(_time);
        using var stop = new CancellationTokenSource();
        var work = new TaskCompletionSource();
        var loop = new Loop(async (heartbeat, token) =>
        {
            await work.Task;
            await heartbeat.RestUntilAsync(new ValueTask<bool>(ForeverAsync(token)));
        });

        var running = Supervise(health, loop, stop.Token);
        _time.Advance(Heartbeat.Patience + TimeSpan.FromSeconds(1));
        Assert.Equal(["loop"], health.StuckLoops());

        work.SetResult();
        await Support.EngineHost.UntilAsync(() => health.StuckLoops().Count == 0);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Empty(health.StuckLoops());

        await stop.CancelAsync();
        await running;
    }

    private Task Supervise(EngineHealth health, IEngineLoop loop, CancellationToken stop) =>
        new LoopSupervisor(health, _time, NullLogger<LoopSupervisor>.Instance).RunAsync(loop, stop);

    private bool Advance(double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return true;
    }

    private static async Task<bool> ForeverAsync(CancellationToken token)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        return true;
    }

    private sealed class Loop(Func<Heartbeat, CancellationToken, Task> body) : IEngineLoop
    {
        public string Name => "loop";

        public Task RunAsync(Heartbeat heartbeat, CancellationToken stop) => body(heartbeat, stop);
    }
}
