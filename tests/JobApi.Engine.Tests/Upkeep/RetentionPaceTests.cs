using System.Diagnostics.Metrics;
using JobApi.Engine.Diagnostics;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Tests.Support;
using JobApi.Engine.Upkeep;
using JobApi.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace JobApi.Engine.Tests.Upkeep;

/// <summary>How fast finished jobs are deleted while others keep coming.</summary>
public sealed class RetentionPaceTests : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Way = TimeSpan.FromMilliseconds(100);

    private readonly CountingTime _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CancellationTokenSource _stop = new();
    private readonly JobMetrics _metrics;
    private readonly FinishedJobs _jobs;
    private Task _running = Task.CompletedTask;

    public RetentionPaceTests()
    {
        _metrics = new JobMetrics(_services.GetRequiredService<IMeterFactory>());
        _jobs = new FinishedJobs(_metrics);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _metrics.Dispose();
        _stop.Dispose();
        await _services.DisposeAsync();
    }

    [Theory]
    [InlineData(0, Durability.Fsync)]
    [InlineData(9, Durability.Fsync)]
    [InlineData(10, Durability.Memory)]
    public async Task All_that_may_go_goes_at_once_when_few_jobs_come_or_nothing_is_written(int coming, Durability durability)
    {
        _jobs.Calls = 30;
        _jobs.Coming = coming;

        Start(durability);

        // The clock stands still.
        await EngineHost.UntilAsync(() => _jobs.Asked == 30);
    }

    [Theory]
    [InlineData(10_000, 5_000)]
    [InlineData(3_600_000, 5_000)]
    [InlineData(300, 150)]
    public async Task While_many_come_it_waits_after_each_thousand_for_half_an_interval_and_five_seconds_at_the_most(int interval, int patience)
    {
        _jobs.Calls = 1_000;
        _jobs.Coming = 10;
        Start(Durability.Fsync, TimeSpan.FromMilliseconds(interval));
        var waits = 0;

        for (var left = TimeSpan.FromMilliseconds(patience); left > TimeSpan.Zero; left -= Way)
        {
            await PausedAsync(++waits);
            Assert.Equal(waits, _jobs.Asked);
            _time.Advance(left < Way ? left : Way);
        }

        // From here on the clock stands still.
        await EngineHost.UntilAsync(() => _jobs.Asked == 1_000);
        Assert.Equal(1 + waits, _time.Timers);
    }

    [Fact]
    public async Task Jobs_that_came_before_a_round_or_while_it_paused_do_not_hold_it_up()
    {
        _jobs.Calls = 30;
        _jobs.Coming = 10;
        _jobs.Come(1_000);

        Start(Durability.Fsync);

        await PausedAsync(1);
        _jobs.Coming = 0;
        _jobs.Come(1_000);
        _time.Advance(Way);
        await EngineHost.UntilAsync(() => _jobs.Asked == 30);
    }

    /// <summary>Until the round pauses for the so manieth time. Its ticks are a timer, and so is each pause.</summary>
    private Task PausedAsync(int times) => EngineHost.UntilAsync(() => _time.Timers == 1 + times);

    /// <summary>Runs the loop up to its first round.</summary>
    private void Start(Durability durability, TimeSpan? interval = null)
    {
        var options = new RetentionOptions { Interval = interval ?? Interval };
        var retention = new Retention(_jobs, new StoreTraits("test", durability, IsShared: false), _metrics, Options.Create(options), _time);
        _running = retention.RunAsync(new Heartbeat("retention", _time), _stop.Token);
        _time.Advance(options.Interval);
    }

    /// <summary>A clock that counts the timers made on it.</summary>
    private sealed class CountingTime : FakeTimeProvider
    {
        private int _timers;

        public int Timers => Volatile.Read(ref _timers);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Interlocked.Increment(ref _timers);

            return timer;
        }
    }

    /// <summary>A store with so many thousand finished jobs; while each thousand is deleted, some new ones are submitted.</summary>
    private sealed class FinishedJobs(JobMetrics metrics) : IJobControl
    {
        private int _asked;
        private int _coming;

        public int Calls { get; set; }

        public int Coming
        {
            get => Volatile.Read(ref _coming);
            set => Volatile.Write(ref _coming, value);
        }

        public int Asked => Volatile.Read(ref _asked);

        public void Come(int jobs)
        {
            for (var come = 0; come < jobs; come++)
            {
                metrics.Submitted(Job.Submitted(Jobs.Spec(), Jobs.Start, come));
            }
        }

        public ValueTask<IReadOnlyList<Guid>> PurgeAsync(PurgeRequest request, CancellationToken cancellationToken)
        {
            Come(Coming);

            return new(new Guid[Interlocked.Increment(ref _asked) < Calls ? request.Max : 0]);
        }

        public ValueTask<IReadOnlyList<ControlOutcome>> CancelAsync(JobSelection which, Cancellation asked, DateTimeOffset now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<IReadOnlyList<ControlOutcome>> RequeueAsync(JobSelection which, DateTimeOffset now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<IReadOnlyList<ControlOutcome>> AmendAsync(JobSelection which, JobAmendment change, DateTimeOffset now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<IReadOnlyList<ControlOutcome>> DeleteAsync(JobSelection which, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
