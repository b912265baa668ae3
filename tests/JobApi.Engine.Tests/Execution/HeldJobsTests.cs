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
