using JobApi.Engine.Diagnostics;
using JobApi.Engine.Dispatch;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Tests.Support;
using JobApi.Engine.Workers;
using JobApi.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace JobApi.Engine.Tests.Workers;

/// <summary>When leases are given up: a keeper on a clock that nobody else moves, and a store that answers as told.</summary>
public sealed class LeaseDeadlineTests : IAsyncDisposable
{
    private static readonly TimeSpan Third = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly EngineHealth _health;
    private readonly Heartbeat _heartbeat;
    private readonly HeldJobs _jobs;
    private readonly HeldJob _held;
    private readonly Renewals _store = new();
    private readonly Task _running;

    public LeaseDeadlineTests()
    {
        _health = new EngineHealth(_time);
        _heartbeat = _health.Watch("lease keeper");
        _jobs = new HeldJobs(new Occupancy(_health, Options.Create(new ExecutionOptions())));
        _held = _jobs.Add(Jobs.Running());
        var keeper = new LeaseKeeper(_store, _jobs, Options.Create(new LeaseOptions { Duration = 3 * Third }), _time, NullLogger<LeaseKeeper>.Instance);
        _running = keeper.RunAsync(_heartbeat, _stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAny(_running);
        _stop.Dispose();
        _health.Dispose();
    }

    [Fact]
    public async Task A_renewal_that_hangs_for_two_thirds_of_a_lease_stops_the_handlers_and_is_canceled()
    {
        var canceled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.Answer = async token =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            canceled.SetResult();
            throw new OperationCanceledException(token);
        };
        _time.Advance(Third);
        await EngineHost.UntilAsync(() => _store.Calls == 1);

        _time.Advance(Third - Moment);
        Assert.Equal(StopReason.None, _held.StopReason);
        _time.Advance(Moment);

        Assert.Equal(StopReason.LeaseLost, _held.StopReason);
        await canceled.Task.WaitAsync(Patience.Limit);

        // The loop goes on: what is claimed from now on is renewed.
        _store.Answer = Renewed;
        await EngineHost.UntilAsync(() => Advance(0.1) && _heartbeat.Beats == 1);
    }

    [Fact]
    public async Task The_two_thirds_count_from_the_moment_the_last_renewal_was_asked_for()
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.Answer = async token =>
        {
            await answer.Task;
            return await Renewed(token);
        };
        _time.Advance(Third);
        await EngineHost.UntilAsync(() => _store.Calls == 1);
        _time.Advance(Third * 0.9);
        answer.SetResult();
        await EngineHost.UntilAsync(() => _heartbeat.Beats == 1);
        _store.Answer = _ => throw new IOException("no");

        _time.Advance(Third * 1.1 - Moment);
        Assert.Equal(StopReason.None, _held.StopReason);
        _time.Advance(Moment);

        Assert.Equal(StopReason.LeaseLost, _held.StopReason);
    }

    [Fact]
    public async Task A_renewal_that_fails_is_tried_again_long_before_anything_is_given_up()
    {
        _store.Answer = _ => throw new IOException("no");
        _time.Advance(Third);
        await EngineHost.UntilAsync(() => _store.Calls == 1);
        _store.Answer = Renewed;

        await EngineHost.UntilAsync(() => Advance(0.1) && _heartbeat.Beats == 1);
        _time.Advance(Third);
        await EngineHost.UntilAsync(() => _heartbeat.Beats == 2);
        Assert.Equal((StopReason.None, 3), (_held.StopReason, _store.Calls));
    }

    private static ValueTask<RenewOutcome> Renewed(CancellationToken token) => new(new RenewOutcome([], []));

    private bool Advance(double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return true;
    }

    private sealed class Renewals : IJobQueue
    {
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public Func<CancellationToken, ValueTask<RenewOutcome>> Answer { get; set; } = Renewed;

        public ValueTask<RenewOutcome> RenewAsync(RenewRequest request, CancellationToken cancellationToken)
        {
            var answer = Answer;
            Interlocked.Increment(ref _calls);
            return answer(cancellationToken);
        }

        public ValueTask<IReadOnlyList<InsertOutcome>> InsertAsync(InsertRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Job>> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Job>> CompleteAsync(IReadOnlyList<JobCompletion> completions, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<AdvanceOutcome> AdvanceAsync(AdvanceRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
