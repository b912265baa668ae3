using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Testing;

namespace JobApi.Store.Tests.Contract;

/// <summary>What every contract needs: a fresh store for each test, a clock that the test moves, and the common steps in words.</summary>
public abstract class StoreContract<TStore> : IAsyncLifetime
    where TStore : IStoreUnderTest, new()
{
    protected static readonly CancellationToken Token = CancellationToken.None;

    private readonly TStore _store = new();

    protected DateTimeOffset Now { get; private set; } = Jobs.Start;

    protected IJobQueue Queue => _store.Queue;

    protected IJobReader Reader => _store.Reader;

    protected IJobControl Control => _store.Control;

    protected IJobHistory History => _store.History;

    protected IQueueSettings Queues => _store.Queues;

    /// <summary>The bounds this contract's store keeps.</summary>
    protected virtual StoreOptions Options => new();

    protected Task CatchUpAsync() => _store.CatchUpAsync();

    public Task InitializeAsync() => _store.OpenAsync(Options);

    public Task DisposeAsync() => _store.DisposeAsync().AsTask();

    protected void Pass(TimeSpan time) => Now += time;

    protected JobSpec Spec(string type = "square") => Jobs.Spec(type, Now);

    protected async Task<InsertOutcome> SubmitAsync(IReadOnlyList<JobSpec> specs, IdempotencyKey? key = null) =>
        Assert.Single(await Queue.InsertAsync(new InsertRequest([new Submission(specs, key)], Now), Token));

    protected async Task<Job> GivenAsync(JobSpec spec) => Assert.Single(Assert.IsType<InsertOutcome.Inserted>(await SubmitAsync([spec])).Jobs);

    protected Task<Job> GivenQueuedAsync(string type = "square") => GivenAsync(Spec(type));

    protected Task<Job> GivenScheduledAsync(TimeSpan delay) => GivenAsync(Spec() with { RunAt = Now + delay });

    protected async Task<Job> GivenRunningAsync(JobSpec? spec = null, TimeSpan? lease = null)
    {
        var job = await GivenAsync(spec ?? Spec());
        var claimed = Assert.Single(await ClaimAsync(lease: lease));
        Assert.Equal(job.Id, claimed.Id);

        return claimed;
    }

    protected async Task<Job> GivenEndedAsync(JobOutcome? outcome = null, JobSpec? spec = null) =>
        (await EndAsync(await GivenRunningAsync(spec), outcome ?? Outcomes.Succeeded()))!;

    protected ClaimRequest Claiming(int max = 1, TimeSpan? lease = null, params string[] types) => new()
    {
        Max = max,
        Node = "node-1",
        Now = Now,
        LeaseExpiresAt = lease is { } length ? Now + length : DateTimeOffset.MaxValue,
        Types = (types.Length == 0 ? ["square", "sleep"] : types).ToHashSet(),
    };

    protected async Task<IReadOnlyList<Job>> ClaimAsync(int max = 1, TimeSpan? lease = null, params string[] types) =>
        await Queue.ClaimAsync(Claiming(max, lease, types), Token);

    protected async Task<IReadOnlyList<Job>> ClaimSuspectAsync(int max = 1, TimeSpan? lease = null, params string[] types) =>
        await Queue.ClaimAsync(Claiming(max, lease, types) with { IsForSuspect = true }, Token);

    /// <summary>A due job whose process has died twice while it ran. Nothing else may be claimable before it.</summary>
    protected async Task<Job> GivenSuspectAsync(JobSpec? spec = null)
    {
        var wanted = spec ?? Spec();
        var job = await GivenAsync(wanted with { Backoff = new Backoff(BackoffKind.Constant, TimeSpan.Zero, TimeSpan.Zero) });

        for (var crash = 0; crash < JobLifecycle.SuspectCrashes; crash++)
        {
            Assert.Equal(job.Id, Assert.Single(await ClaimAsync(lease: TimeSpan.Zero, types: wanted.Type)).Id);
            await AdvanceAsync();
        }

        return await FindAsync(job);
    }

    protected async Task<Guid[]> ClaimedIdsAsync(int max, params string[] types) => Ids(await ClaimAsync(max, types: types));

    /// <summary>The job as it stands after the attempt's end; null when the end was refused.</summary>
    protected async Task<Job?> EndAsync(Job running, JobOutcome outcome) =>
        (await Queue.CompleteAsync([running.Ends(outcome, Now)], Token)).SingleOrDefault();

    protected async Task<AdvanceOutcome> AdvanceAsync(int max = 1000) => await Queue.AdvanceAsync(new AdvanceRequest(Now, max), Token);

    protected async Task<Job> FindAsync(Job job) => Assert.IsType<Job>(await Reader.FindAsync(job.Id, Token));

    protected async Task<ControlResult> CancelAsync(Job job) =>
        Assert.Single(await Control.CancelAsync(JobSelection.Of(job.Id), Jobs.Asked("test"), Now, Token)).Result;

    protected async Task<ControlResult> RequeueAsync(Job job) => Assert.Single(await Control.RequeueAsync(JobSelection.Of(job.Id), Now, Token)).Result;

    protected async Task<ControlResult> DeleteAsync(Job job) => Assert.Single(await Control.DeleteAsync(JobSelection.Of(job.Id), Token)).Result;

    protected async Task<IReadOnlyList<Guid>> PurgeAsync(long maxBytes = long.MaxValue, int max = 1000) =>
        await Control.PurgeAsync(new PurgeRequest(Now, [new ByteBound(maxBytes)], max), Token);

    protected async Task<IReadOnlyList<Guid>> PurgeWithinAsync(params ByteBound[] bounds) =>
        await Control.PurgeAsync(new PurgeRequest(Now, bounds, 1000), Token);

    protected async Task<QueueStanding> ChangeAsync(string queue, QueueChange change) => await Queues.ChangeAsync(queue, change, Token);

    protected Task<QueueStanding> PauseAsync(string queue) => ChangeAsync(queue, new QueueChange { IsPaused = true });

    protected Task<QueueStanding> ResumeAsync(string queue) => ChangeAsync(queue, new QueueChange { IsPaused = false });

    /// <summary>A new process on the same store.</summary>
    protected Task ReopenAsync(bool crash = false) => _store.ReopenAsync(Now, crash);

    protected async Task<JobCounts> CountAsync() => await Reader.CountAsync(Token);

    protected static Guid[] Ids(IEnumerable<Job> jobs) => [.. jobs.Select(job => job.Id)];
}
