using System.Globalization;
using JobApi.Benchmarks.Comparing;
using JobApi.Testing;

namespace JobApi.Benchmarks.Peers;

/// <summary>Everybody who takes part.</summary>
internal static class Contenders
{
    /// <summary>The one all others are compared with.</summary>
    public const string Bare = "bare";

    /// <summary>The one whose answers tell the bare endpoint how long its own should be.</summary>
    public const string Model = "sqlite";

    private const Features BullMq = Features.Submit | Features.Bulk | Features.Wait | Features.Read;

    /// <summary>
    /// Bulks come faster than jobs end, and the memory store, which by default is bounded to what a small machine can hold, would refuse them: it may
    /// have as many waiting as the SQLite store has by default, and 8 GiB of them.
    /// </summary>
    private static readonly string[] ForBulks = ["--JobApi:MaxBacklog=20000000", "--JobApi:MaxBacklogBytes=8589934592"];

    /// <param name="sizes">How long the bare endpoint's answers are.</param>
    public static IReadOnlyList<Contender> All(AnswerSizes sizes) =>
    [
        new(Bare, "bare Kestrel", Features.All, async () => RunningSystem.Of(await ChildServer.StartVerbAsync(
            BareServer.Verb, Text(sizes.Accepted), Text(sizes.Finished), Text(sizes.BulkItem)))),
        new(Model, "JobApi, sqlite (fsync)", Features.All, () => StartJobApiAsync("sqlite")),
        new("memory", "JobApi, memory", Features.All, () => StartJobApiAsync("memory", ForBulks)),
        new("hangfire-memory", "ASP.NET Core + Hangfire.InMemory", Features.Submit | Features.Read, async () => RunningSystem.Of(
            await ChildServer.StartVerbAsync(HangfireServer.Verb))),
        new("hangfire-postgresql", "ASP.NET Core + Hangfire.PostgreSql (fsync)", Features.Submit | Features.Read, async () =>
        {
            var database = await Databases.PostgreSqlAsync();
            return await OnAsync(database, () => ChildServer.StartVerbAsync(HangfireServer.Verb, Databases.ForNpgsql(database)));
        }),
        new("bullmq-everysec", "Fastify + BullMQ + Redis (fsync each second)", BullMq, () => StartBullMqAsync("everysec")),
        new("bullmq-always", "Fastify + BullMQ + Redis (fsync always)", BullMq, () => StartBullMqAsync("always")),
    ];

    /// <summary>Another build of JobApi, for what a change has brought.</summary>
    /// <param name="assembly">Its <c>JobApi.dll</c>.</param>
    public static Contender Other(string assembly) => new("against", "JobApi, sqlite (fsync), the other build", Features.All, async () => RunningSystem.Of(
        await ServerProcess.StartAsync(new ServerSetup { Assembly = assembly, Arguments = [$"--JobApi:Store={Model}"] })));

    public static Task<RunningSystem> StartModelAsync() => StartJobApiAsync(Model);

    /// <summary>Starts the model, and measures its answers.</summary>
    public static async Task<AnswerSizes> AnswerSizesAsync()
    {
        await using var model = await StartModelAsync();
        return await SquareRequests.MeasureAsync(model);
    }

    /// <summary>As it is shipped: only the port, the folder, the store and what is said here are set.</summary>
    private static async Task<RunningSystem> StartJobApiAsync(string store, params string[] settings) =>
        RunningSystem.Of(await ServerProcess.StartAsync([$"--JobApi:Store={store}", .. settings]));

    private static async Task<RunningSystem> StartBullMqAsync(string fsync)
    {
        var start = await NodePrograms.CommandAsync("bullmq.mjs");
        var redis = await Databases.RedisAsync(fsync);
        start.ArgumentList.Add(redis.Address.Port.ToString(CultureInfo.InvariantCulture));
        return await OnAsync(redis, () => ChildServer.StartAsync(start));
    }

    /// <summary>A server on a store that ends with it, also when it does not come up.</summary>
    private static async Task<RunningSystem> OnAsync(ChildServer store, Func<Task<ChildServer>> start)
    {
        try
        {
            return RunningSystem.Of(await start(), store);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The lengths of JobApi's answers, in bytes.</summary>
/// <param name="Accepted">The 202 of a submitted job.</param>
/// <param name="Finished">The 200 of a finished job.</param>
/// <param name="BulkItem">A job in the answer to a bulk submission.</param>
internal sealed record AnswerSizes(int Accepted, int Finished, int BulkItem);
