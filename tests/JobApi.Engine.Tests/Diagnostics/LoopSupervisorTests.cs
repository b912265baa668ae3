using JobApi.Engine.Diagnostics;
using JobApi.Engine.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace JobApi.Engine.Tests.Diagnostics;

public sealed class LoopSupervisorTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ToldFailures _told = new();

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
        await EngineHost.UntilAsync(() => Advance(0.1) && runs == 3);
        await stop.CancelAsync();
        await running;

        Assert.False(health.Fatal.IsCancellationRequested);
    }

    [Fact]
    public async Task A_loop_that_cannot_go_on_stops_the_process_and_fails_the_liveness()
    {
        using var health = new EngineHealth(_time);

        var running = Supervise(health, new Loop((_, _) => throw new IOException("no")), CancellationToken.None);
        await EngineHost.UntilAsync(() => Advance(10) && running.IsCompleted);

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
        await EngineHost.UntilAsync(() => health.StuckLoops().Count == 0);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Empty(health.StuckLoops());

        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_loop_that_rests_before_each_failure_is_given_pauses_that_grow_and_then_given_up()
    {
        using var health = new EngineHealth(_time);
        var begun = _time.GetTimestamp();
        var loop = new Loop(async (heartbeat, _) =>
        {
            await heartbeat.RestUntilAsync(new ValueTask<bool>(true));
            throw new IOException("no");
        });

        var running = Supervise(health, loop, CancellationToken.None);
        await EngineHost.UntilAsync(() => Advance(0.1) && running.IsCompleted);

        Assert.True(health.Fatal.IsCancellationRequested);
        Assert.True(_time.GetElapsedTime(begun) >= TimeSpan.FromSeconds(32.7), $"Given up after {_time.GetElapsedTime(begun)}.");
    }

    [Fact]
    public async Task A_loop_that_gets_something_done_between_two_failures_is_forgiven()
    {
        using var health = new EngineHealth(_time);
        using var stop = new CancellationTokenSource();
        var runs = 0;
        var loop = new Loop((heartbeat, _) =>
        {
            runs++;
            heartbeat.Beat();
            throw new IOException("no");
        });

        var running = Supervise(health, loop, stop.Token);
        await EngineHost.UntilAsync(() => Advance(0.1) && runs > 30);

        Assert.False(health.Fatal.IsCancellationRequested);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public void A_loop_that_says_what_it_has_done_is_not_stuck_although_it_gets_no_rest()
    {
        using var health = new EngineHealth(_time);
        var heartbeat = health.Watch("loop");

        for (var round = 0; round < 10; round++)
        {
            _time.Advance(Heartbeat.Patience);
            Assert.Empty(health.StuckLoops());
            heartbeat.Beat();
        }

        _time.Advance(Heartbeat.Patience + TimeSpan.FromSeconds(1));
        Assert.Equal(["loop"], health.StuckLoops());
    }

    [Fact]
    public async Task A_full_store_is_waited_for_as_long_as_it_takes_and_the_liveness_holds()
    {
        using var health = new EngineHealth(_time);
        using var stop = new CancellationTokenSource();
        var (failures, isFull) = (0, true);
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var loop = new Loop(async (heartbeat, token) =>
        {
            if (Volatile.Read(ref isFull))
            {
                failures++;
                throw new FullStoreException();
            }

            written.SetResult();
            await heartbeat.RestUntilAsync(new ValueTask<bool>(ForeverAsync(token)));
        });

        var running = Supervise(health, loop, stop.Token);

        while (Volatile.Read(ref failures) < 100)
        {
            Advance(1);

            // A loop that waits for room rests; one that is about to may take a turn for it.
            await EngineHost.UntilAsync(() => health.StuckLoops().Count == 0);
        }

        Assert.False(health.Fatal.IsCancellationRequested);

        Volatile.Write(ref isFull, false);
        await EngineHost.UntilAsync(() => Advance(1) && written.Task.IsCompleted);
        _time.Advance(TimeSpan.FromDays(1));
        await EngineHost.UntilAsync(() => health.StuckLoops().Count == 0);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_server_that_stops_does_not_wait_for_room()
    {
        using var health = new EngineHealth(_time);
        var runs = 0;
        var loop = new Loop((_, _) =>
        {
            runs++;
            throw new FullStoreException();
        });
        var running = Supervise(health, loop, CancellationToken.None);
        await EngineHost.UntilAsync(() => Advance(10) && runs > 20);
        Assert.False(running.IsCompleted);

        health.Drain();
        await EngineHost.UntilAsync(() => Advance(10) && running.IsCompleted);

        Assert.True(health.Fatal.IsCancellationRequested);
    }

    [Fact]
    public async Task A_loop_that_jobs_can_do_without_is_tried_for_ever()
    {
        using var health = new EngineHealth(_time);
        using var stop = new CancellationTokenSource();
        var runs = 0;
        var loop = new Loop((_, _) =>
        {
            runs++;
            throw new IOException("no");
        })
        {
            IsVital = false,
        };

        var running = Supervise(health, loop, stop.Token);
        await EngineHost.UntilAsync(() => Advance(10) && runs > 30);

        Assert.False(health.Fatal.IsCancellationRequested);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task The_same_failure_is_told_with_its_stack_once_and_another_one_again()
    {
        using var health = new EngineHealth(_time);
        using var stop = new CancellationTokenSource();
        var runs = 0;
        var loop = new Loop((_, _) => throw (++runs > 50 ? new IOException("no") : new FullStoreException()));

        var running = Supervise(health, loop, stop.Token);
        await EngineHost.UntilAsync(() => Advance(10) && runs > 55);
        await stop.CancelAsync();
        await running;

        Assert.Equal([typeof(FullStoreException), typeof(IOException)], _told.Stacks);
        Assert.True(_told.Lines > 54, $"{_told.Lines} lines");
    }

    private Task Supervise(EngineHealth health, IEngineLoop loop, CancellationToken stop) =>
        new LoopSupervisor(health, _time, _told).RunAsync(loop, stop);

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

        public bool IsVital { get; init; } = true;

        public Task RunAsync(Heartbeat heartbeat, CancellationToken stop) => body(heartbeat, stop);
    }

    /// <summary>What the log is told: how many lines, and which with a stack.</summary>
    private sealed class ToldFailures : ILogger<LoopSupervisor>
    {
        public int Lines { get; private set; }

        public List<Type> Stacks { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Lines++;

            if (exception is not null)
            {
                Stacks.Add(exception.GetType());
            }
        }
    }
}
