using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Tests.Support;
using JobApi.Testing;

namespace JobApi.Engine.Tests.Workers;

public sealed class LeaseKeeperTests
{
    private static readonly TimeSpan Third = TimeSpan.FromSeconds(10);

    private readonly Gate _gate = new();

    [Fact]
    public async Task A_long_job_that_is_renewed_is_never_run_twice()
    {
        await using var engine = await new EngineHost().OnSharedStore().Handle("gate", _gate.PassAsync).StartAsync();
        var submitted = await engine.SubmitAsync("gate", draft => draft with { Timeout = TimeSpan.FromHours(1) });
        await _gate.EnteredAsync();
        var store = engine.Get<FaultyStore>();

        for (var renewals = 1; renewals <= 9; renewals++)
        {
            await engine.AdvanceAsync(Third);
            await RenewedAsync(engine, submitted.Id);
            Assert.Equal(renewals, store.Calls(StoreCall.Renew));
        }

        _gate.Let();
        var job = await engine.EndOfAsync(submitted);
        Assert.Equal((JobState.Succeeded, 1, 0, 1), (job.State, job.Attempt, job.Crashes, _gate.Most));
    }

    [Fact]
    public async Task Without_renewal_for_two_thirds_of_a_lease_the_handlers_stop_and_commit_nothing()
    {
        await using var engine = await new EngineHost().OnSharedStore().Handle("gate", _gate.PassAsync).StartAsync();
        var submitted = await engine.SubmitAsync("gate", draft => draft with { Timeout = TimeSpan.FromHours(1) });
        await _gate.EnteredAsync();
        var store = engine.Get<FaultyStore>();
        store.FailNext(StoreCall.Renew, new IOException("no"), times: 100);

        await engine.AdvanceAsync(Third);
        await EngineHost.UntilAsync(() => store.Calls(StoreCall.Renew) == 1);
        Assert.Equal(1, _gate.Inside);
        await engine.AdvanceAsync(Third);
        await EngineHost.UntilAsync(() => _gate.Inside == 0 && engine.Pool.Snapshot().Busy == 0);

        Assert.Equal(0, store.Calls(StoreCall.Complete));
        Assert.Equal(JobState.Running, (await engine.Get<IJobReader>().FindAsync(submitted.Id, CancellationToken.None))!.State);
    }

    [Fact]
    public async Task A_cancellation_asked_of_another_node_arrives_with_the_renewal()
    {
        await using var engine = await new EngineHost().OnSharedStore().Handle("gate", _gate.PassAsync).StartAsync();
        var submitted = await engine.SubmitAsync("gate", draft => draft with { Timeout = TimeSpan.FromHours(1) });
        await _gate.EnteredAsync();

        // Straight into the store, as another node would do it: nothing announces it here.
        await engine.Get<InMemoryJobStore>().CancelAsync(JobSelection.Of(submitted.Id), Jobs.Asked("elsewhere"), engine.Time.GetUtcNow(), CancellationToken.None);
        await engine.AdvanceAsync(Third);

        var job = await engine.EndOfAsync(submitted);
        Assert.Equal((JobState.Canceled, "elsewhere"), (job.State, job.CancelReason));
    }

    /// <summary>Until the lease of a job is as long as a renewal now makes it, and whoever asked for it has had some turns.</summary>
    private static async Task RenewedAsync(EngineHost engine, Guid id)
    {
        var (store, turns) = (engine.Get<InMemoryJobStore>(), 0);
        var expected = engine.Time.GetUtcNow() + 3 * Third;
        await EngineHost.UntilAsync(() => store.FindAsync(id, CancellationToken.None).AsTask().GetAwaiter().GetResult()!.LeaseExpiresAt == expected && ++turns > 50);
    }
}
