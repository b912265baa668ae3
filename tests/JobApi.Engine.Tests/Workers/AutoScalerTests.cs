using JobApi.Engine.Diagnostics;
using JobApi.Engine.Dispatch;
using JobApi.Engine.Execution;
using JobApi.Engine.Storage;
using JobApi.Engine.Tests.Support;
using JobApi.Engine.Workers;
using Microsoft.Extensions.Options;

namespace JobApi.Engine.Tests.Workers;

public sealed class AutoScalerTests
{
    [Fact]
    public async Task New_jobs_that_wait_for_hands_before_they_are_stored_let_the_pool_grow()
    {
        await using var engine = await new EngineHost().With("Workers:MinWorkers", 1).With("Workers:MaxWorkers", 3)
            .Handle("ok", (_, _) => Task.FromResult<Attempt<string>>("done")).StartAsync();
        var hands = new Hands { Ahead = Hands.FewAhead };
        hands.Take(Hands.FewAhead);
        hands.Watch(50, () => { });
        var scaler = new AutoScaler(
            engine.Pool, engine.Get<IJobReader>(), engine.Get<ReadyQueue>(), hands, engine.Get<Isolation>(), engine.Get<TypeLimits>(), engine.Get<OpenQueues>(),
            engine.Get<IOptions<WorkerOptions>>(), engine.Time);
        using var stop = new CancellationTokenSource();

        var scaling = scaler.RunAsync(new Heartbeat(scaler.Name, engine.Time), stop.Token);
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(3), () => engine.Pool.Snapshot().Decisions.Any(decision => decision.To > 1));

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scaling);
    }
}
