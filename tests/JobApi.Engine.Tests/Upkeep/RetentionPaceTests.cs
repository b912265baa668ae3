using System.Collections.Concurrent;
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

    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CancellationTokenSource _stop = new();
    private readonly JobMetrics _metrics;
    private readonly FinishedJobs _jobs;
    private Task _running = Task.CompletedTask;

    public RetentionPaceTests()
    {
        _metrics = new JobMetrics(_services.GetRequiredService<IMeterFactory>());
        _jobs = new FinishedJobs(_metrics, _time);
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
    [InlineData(0)]
    [InlineData(9)]
    public async Task All_that_may_go_goes_at_once_when_few_jobs_come(int coming)
    {
        _jobs.Calls = 30;
        _jobs.Coming = coming;

        Start();

        // The clock stands still.
        await EngineHost.UntilAsync(() => _jobs.Asked == 30);
    }

    [Fact]
    public async Task While_many_come_it_waits_before_each_thousand_for_half_an_interval_and_no_longer()
    {
        _jobs.Calls = 1_000;
        _jobs.Coming = 10;
        Start();
        var begun = _time.GetUtcNow();
        await EngineHost.UntilAsync(() => _jobs.Asked == 1);

        while (_time.GetUtcNow() < begun + (Interval / 2) + Way)
        {
            await EngineHost.TurnAsync();
            _time.Advance(Way / 4);
        }

        // From here on the clock stands still.
        await EngineHost.UntilAsync(() => _jobs.Asked == 1_000);

        var paced = _jobs.Times.TakeWhile(at => at < begun + (Interval / 2)).ToList();
        Assert.InRange(paced.Count, 2, 1 + (int)(Interval / 2 / Way));
        Assert.All(paced.Zip(paced.Skip(1)), pair => Assert.True(pair.Second - pair.First >= Way));
    }

    [Fact]
    public async Task Jobs_that_came_before_a_round_do_not_hold_it_up()
    {
        _jobs.Calls = 2;
        _jobs.Come(1_000);

        Start();

        await EngineHost.UntilAsync(() => _jobs.Asked == 2);
    }

    /// <summary>Runs the loop up to its first round.</summary>
    private void Start()
    {
        var retention = new Retention(_jobs, _metrics, Options.Create(new RetentionOptions { Interval = Interval }), _time);
        _running = retention.RunAsync(new Heartbeat("retention", _time), _stop.Token);
        _time.Advance(Interval);
    }

    /// <summary>A store with so many thousand finished jobs; while each thousand is deleted, some new ones are submitted.</summary>
    private sealed class FinishedJobs(JobMetrics metrics, TimeProvider time) : IJobControl
    {
        private readonly ConcurrentQueue<DateTimeOffset> _times = [];

        public int Calls { get; set; }

        public int Coming { get; set; }

        public int Asked => _times.Count;

        public IEnumerable<DateTimeOffset> Times => _times;

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
            _times.Enqueue(time.GetUtcNow());

            return new(new Guid[_times.Count < Calls ? request.Max : 0]);
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
