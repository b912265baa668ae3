using JobApi.Engine.Diagnostics;
using JobApi.Engine.Execution;
using JobApi.Testing;
using Microsoft.Extensions.Options;

namespace JobApi.Engine.Tests.Execution;

public sealed class HeldJobsTests : IDisposable
{
    private readonly EngineHealth _health = new(TimeProvider.System);
    private readonly HeldJobs _held;

    public HeldJobsTests() => _held = new HeldJobs(new Occupancy(_health, Options.Create(new ExecutionOptions())));

    public void Dispose() => _health.Dispose();

    [Fact]
    public void A_cancellation_that_came_between_the_claim_and_its_registration_stops_the_attempt()
    {
        var claimed = Jobs.Running();
        _held.Changed(claimed with { Version = claimed.Version + 1, CancelRequestedAt = Jobs.Start });

        Assert.Equal(StopReason.CancelRequested, _held.Add(claimed).StopReason);
    }

    [Fact]
    public void One_that_was_meant_for_an_earlier_attempt_does_not()
    {
        var claimed = Jobs.Running();
        _held.Changed(claimed with { CancelRequestedAt = Jobs.Start });

        Assert.Equal(StopReason.None, _held.Add(claimed with { Attempt = 2 }).StopReason);
    }

    [Fact]
    public void One_that_found_its_handler_does_not_stop_the_next_holding_of_the_same_attempt()
    {
        var claimed = Jobs.Running();
        var held = _held.Add(claimed);
        _held.Changed(claimed with { CancelRequestedAt = Jobs.Start });
        Assert.Equal(StopReason.CancelRequested, held.StopReason);
        _held.Remove(held);

        Assert.Equal(StopReason.None, _held.Add(claimed).StopReason);
    }

    [Fact]
    public void Whoever_sees_that_an_attempt_is_faulted_sees_its_fault()
    {
        var fault = new InvalidOperationException("from elsewhere");
        var (current, isOver, missed) = (new HeldJob(Jobs.Running()), false, 0);

        // Another thread looks at whichever attempt is being stopped, over and over.
        var judge = new Thread(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                var attempt = Volatile.Read(ref current);
                missed += attempt.StopReason == StopReason.Faulted && attempt.Fault is null ? 1 : 0;
            }
        });
        judge.Start();

        for (var attempts = 0; attempts < 50_000; attempts++)
        {
            var attempt = new HeldJob(Jobs.Running());
            Volatile.Write(ref current, attempt);
            attempt.Stop(StopReason.Faulted, fault);
        }

        Volatile.Write(ref isOver, true);
        judge.Join();
        Assert.Equal(0, missed);
    }

    [Fact]
    public void Of_jobs_that_are_never_held_only_the_latest_are_remembered()
    {
        var claimed = Jobs.Running();
        _held.Changed(claimed with { CancelRequestedAt = Jobs.Start });

        for (var other = 0; other < 1_000; other++)
        {
            _held.Changed(Jobs.Running() with { CancelRequestedAt = Jobs.Start });
        }

        Assert.Equal(StopReason.None, _held.Add(claimed).StopReason);
    }
}
