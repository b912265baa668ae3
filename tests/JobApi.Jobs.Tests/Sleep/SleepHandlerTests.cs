using JobApi.Engine.Execution;
using JobApi.Jobs.Sleep;
using JobApi.Jobs.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace JobApi.Jobs.Tests.Sleep;

public sealed class SleepHandlerTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task The_sleep_ends_when_the_time_is_over_and_not_before()
    {
        var sleep = HandleAsync(new SleepPayload(10));

        Pass(9.9);
        Assert.False(sleep.IsCompleted);

        Pass(0.1);
        Assert.Equal(10, (await sleep).Succeeded().SleptSeconds);
    }

    [Fact]
    public async Task No_time_at_all_needs_no_clock() => Assert.Equal(0, (await HandleAsync(new SleepPayload(0))).Succeeded().SleptSeconds);

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task The_first_attempts_fail_as_often_as_asked(int failures, bool fails)
    {
        var attempt = await HandleAsync(new SleepPayload(0, FailTimes: 2), TestJobContext.Create(failures));

        if (fails)
        {
            attempt.FailedForNow("failed-on-demand");
        }
        else
        {
            attempt.Succeeded();
        }
    }

    [Fact]
    public async Task Cancellation_ends_the_sleep()
    {
        using var cancel = new CancellationTokenSource();
        var sleep = HandleAsync(new SleepPayload(10), token: cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sleep);
    }

    [Fact]
    public async Task Cancellation_is_ignored_when_asked_for()
    {
        using var cancel = new CancellationTokenSource();
        var sleep = HandleAsync(new SleepPayload(10, IgnoreCancellation: true), token: cancel.Token);

        await cancel.CancelAsync();
        Pass(10);

        (await sleep).Succeeded();
    }

    [Fact]
    public async Task Progress_goes_from_a_tenth_to_all()
    {
        var heard = new List<double?>();

        await HandleAsync(new SleepPayload(0), TestJobContext.Create(onProgress: (percent, _) => heard.Add(percent)));

        Assert.Equal([10, 20, 30, 40, 50, 60, 70, 80, 90, 100], heard);
    }

    [Theory]
    [InlineData(-0.1, 0, "/seconds")]
    [InlineData(3_600.1, 0, "/seconds")]
    [InlineData(double.NaN, 0, "/seconds")]
    [InlineData(1, -1, "/failTimes")]
    public async Task A_payload_out_of_range_is_refused(double seconds, int failTimes, string location)
    {
        await using var jobs = new JobsFixture();
        Assert.Equal([location], jobs.Check("sleep", new SleepPayload(seconds, failTimes)).Select(error => error.Location));
    }

    private Task<Attempt<SleepResult>> HandleAsync(SleepPayload payload, JobContext? context = null, CancellationToken token = default) =>
        new SleepHandler(_time).HandleAsync(payload, context ?? TestJobContext.Create(), token);

    /// <summary>In the handler's own steps, as a clock would: a jump would not wake timers that are set during it.</summary>
    private void Pass(double seconds)
    {
        for (var passed = 0; passed < (int)Math.Round(seconds * 10); passed++)
        {
            _time.Advance(TimeSpan.FromSeconds(0.1));
        }
    }
}
