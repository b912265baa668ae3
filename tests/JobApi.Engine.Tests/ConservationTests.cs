using System.Collections.Concurrent;
using JobApi.Engine.Execution;
using JobApi.Engine.Tests.Support;

namespace JobApi.Engine.Tests;

/// <summary>What goes in comes out once, and leaves nothing behind.</summary>
public sealed class ConservationTests
{
    private const int Jobs = 200_000;

    [Fact]
    public async Task Two_hundred_thousand_jobs_run_once_each_and_retention_gives_their_memory_back()
    {
        var runs = new ConcurrentDictionary<Guid, int>();
        await using var engine = await new EngineHost().With("MaxBacklog", Jobs).With("Workers:MinWorkers", 4).With("Workers:MaxWorkers", 4).Handle("count", (context, _) =>
        {
            runs.AddOrUpdate(context.JobId, 1, (_, count) => count + 1);
            return Task.FromResult<Attempt<string>>("done");
        }).StartAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await Parallel.ForEachAsync(Enumerable.Range(0, 16), async (_, _) => await engine.SubmitManyAsync("count", Jobs / 16));
        await EngineHost.UntilAsync(() => engine.Metrics.Snapshot().Total.Processed == Jobs);

        Assert.Equal((Jobs, Jobs), (runs.Count, runs.Values.Sum()));

        runs.Clear();
        await engine.AdvanceUntilAsync(TimeSpan.FromHours(6), () => engine.Results.Cached == 0);
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(grown < 50 << 20, $"The heap has grown by {grown >> 20} MiB.");
    }
}
