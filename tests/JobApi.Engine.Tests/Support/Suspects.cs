using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Testing;

namespace JobApi.Engine.Tests.Support;

/// <summary>Puts jobs into an engine's store whose process has died twice while they ran.</summary>
internal static class Suspects
{
    /// <summary>Run before the engine starts; the second crash is followed by <paramref name="pause"/>.</summary>
    public static async Task<Guid> PutAsync(EngineHost engine, string type, TimeSpan pause = default)
    {
        var (store, now) = (engine.Get<InMemoryJobStore>(), engine.Time.GetUtcNow());
        var spec = Jobs.Spec(type, now, "{}") with { Timeout = TimeSpan.FromHours(1), Backoff = new Backoff(BackoffKind.Constant, pause, pause) };
        await store.InsertAsync(new InsertRequest([new Engine.Storage.Submission([spec])], now), CancellationToken.None);

        for (var crash = 0; crash < JobLifecycle.SuspectCrashes; crash++)
        {
            // The first pause is over in the eyes of the store.
            now += crash * pause;
            await store.AdvanceAsync(new AdvanceRequest(now, 100), CancellationToken.None);
            await store.ClaimAsync(Claim(type, now), CancellationToken.None);
            await store.AdvanceAsync(new AdvanceRequest(now, 100), CancellationToken.None);
        }

        return spec.Id;
    }

    private static ClaimRequest Claim(string type, DateTimeOffset now) => new()
    {
        Max = 1,
        Node = "a dead node",
        Now = now,
        LeaseExpiresAt = now,
        Types = new HashSet<string> { type },
    };
}
