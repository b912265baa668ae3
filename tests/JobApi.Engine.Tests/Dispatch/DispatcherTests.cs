using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Submission;
using JobApi.Engine.Tests.Support;
using JobApi.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Engine.Tests.Dispatch;

public sealed class DispatcherTests
{
    [Fact]
    public async Task A_hand_that_a_repeated_submission_took_for_nothing_goes_to_the_job_that_waits()
    {
        await using var engine = await new EngineHost().With("Workers:MinWorkers", 1).With("Workers:MaxWorkers", 1)
            .OnFaultyStore().Handle("ok", (_, _) => Task.FromResult<Attempt<string>>("done")).StartAsync();
        JobDraft Keyed(JobDraft draft) => draft with { IdempotencyKey = "k", Fingerprint = new byte[] { 1 } };
        await engine.EndOfAsync(await engine.SubmitAsync("ok", Keyed));
        await EngineHost.UntilAsync(() => engine.Get<JobApi.Engine.Dispatch.Hands>().Idle == 1);

        // The repeated submission holds the only hand while another job comes in and finds none.
        var hold = engine.Get<FaultyStore>().HoldNextAnswer(StoreCall.Insert);
        var repeated = engine.TrySubmitAsync("ok", Keyed);
        await hold.Entered;
        var waiting = await engine.SubmitAsync("ok");
        Assert.Equal(JobState.Queued, waiting.State);
        hold.Release();
        Assert.IsType<SubmitResult.Replayed>(await repeated);

        // The clock stands still: no safety poll comes to the rescue.
        Assert.Equal(JobState.Succeeded, (await engine.EndOfAsync(waiting)).State);
    }

    [Fact]
    public async Task A_submission_that_waits_to_be_stored_holds_no_hand()
    {
        await using var engine = await new EngineHost().With("Workers:MinWorkers", 1).With("Workers:MaxWorkers", 1)
            .OnFaultyStore().Handle("ok", (_, _) => Task.FromResult<Attempt<string>>("done")).StartAsync();
        await EngineHost.UntilAsync(() => engine.Get<JobApi.Engine.Dispatch.Hands>().Idle == 1);
        var hold = engine.Get<FaultyStore>().HoldNext(StoreCall.Insert);
        var waiting = engine.SubmitAsync("ok");
        await hold.Entered;

        Assert.Equal(JobState.Running, (await engine.SubmitAsync("ok")).State);

        hold.Release();
        await engine.EndOfAsync(await waiting);
    }

    [Fact]
    public async Task A_type_is_at_its_limit_while_its_jobs_run_and_not_while_a_claim_asks_for_them()
    {
        var gate = new Support.Gate();
        await using var engine = await new EngineHost().OnFaultyStore().Handle("gate", gate.PassAsync, options => options.MaxConcurrency = 1).StartAsync();
        await EngineHost.UntilAsync(() => engine.Get<FaultyStore>().Calls(StoreCall.Claim) > 0 && engine.Get<JobApi.Engine.Dispatch.Hands>().Idle == 2);
        var (claims, limits) = (engine.Get<JobApi.Engine.Dispatch.Claims>(), engine.Get<JobApi.Engine.Dispatch.TypeLimits>());

        var request = claims.Open(1)!;
        Assert.Equal(1, request.TypeBudgets["gate"]);
        Assert.Null(limits.FindObstacle("gate"));
        claims.Close(request, []);

        await engine.SubmitAsync("gate");
        await gate.EnteredAsync();
        Assert.Equal((1, 1), (limits.FindObstacle("gate")?.Running, limits.FindObstacle("gate")?.Limit));
        gate.Let();
    }

    [Fact]
    public async Task A_claim_whose_jobs_cannot_be_delivered_does_not_hold_up_the_stop()
    {
        await using var engine = await new EngineHost().Handle("ok", (_, _) => Task.FromResult<Attempt<string>>("done")).StartAsync();
        await EngineHost.UntilAsync(() => engine.Get<JobApi.Engine.Dispatch.Hands>().Idle == 2);
        var claims = engine.Get<JobApi.Engine.Dispatch.Claims>();
        var request = claims.OpenFor("ok", 1)!;

        Assert.Throws<InvalidOperationException>(() => engine.Get<JobApi.Engine.Dispatch.Dispatcher>().Settle(request, Broken()));

        await claims.StopAsync().WaitAsync(Patience.Limit);
    }

    [Fact]
    public async Task A_backlog_that_leaves_the_dispatcher_no_rest_is_no_standstill()
    {
        var backlog = new Backlog();
        await using var engine = new EngineHost().Handle("ok", (_, _) => Task.FromResult<Attempt<string>>("done"));
        engine.Replacements.Add(services => services.AddSingleton<IJobQueue>(provider => backlog));
        engine.Preparations.Add(host =>
        {
            backlog.Engine = host;
            return Task.CompletedTask;
        });

        await engine.StartAsync();
        await backlog.Empty.WaitAsync(Patience.Limit);

        Assert.False(backlog.WasStuck);
    }

    private static IEnumerable<Job> Broken() => Enumerable.Range(0, 1).Select(Job (_) => throw new InvalidOperationException("broken"));

    /// <summary>
    /// A store with jobs for every hand for some minutes. Each claim takes ten seconds, and a short job ends meanwhile, so that there is always a hand for the next.
    /// </summary>
    private sealed class Backlog : IJobQueue
    {
        private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _claims;

        public EngineHost Engine { get; set; } = null!;

        public Task Empty => _empty.Task;

        public bool WasStuck { get; private set; }

        public ValueTask<IReadOnlyList<Job>> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken)
        {
            if (++_claims > 20)
            {
                _empty.TrySetResult();
                return new([]);
            }

            Engine.Get<JobApi.Engine.Dispatch.Hands>().Offer();
            Engine.Time.Advance(TimeSpan.FromSeconds(10));

            // Of the others each is stuck that gets no turn while the clock runs so fast.
            WasStuck |= Engine.Get<JobApi.Engine.Diagnostics.EngineHealth>().StuckLoops().Contains("dispatcher");
            return new([.. Enumerable.Range(0, request.Max).Select(_ => Jobs.Running(Jobs.Spec("ok")))]);
        }

        public ValueTask<IReadOnlyList<InsertOutcome>> InsertAsync(InsertRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<RenewOutcome> RenewAsync(RenewRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Job>> CompleteAsync(IReadOnlyList<JobCompletion> completions, CancellationToken cancellationToken) => new([]);

        public ValueTask<AdvanceOutcome> AdvanceAsync(AdvanceRequest request, CancellationToken cancellationToken) => new(new AdvanceOutcome([], null));
    }
}
