using JobApi.Engine.Storage;
using JobApi.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Engine.Tests.Support;

/// <summary>An engine whose store fails when the test says so, or claims to be shared with other nodes.</summary>
internal static class FaultyEngine
{
    public static EngineHost OnFaultyStore(this EngineHost engine)
    {
        engine.Replacements.Add(services => services
            .AddSingleton(provider => new FaultyStore(provider.GetRequiredService<InMemoryJobStore>()))
            .AddSingleton<IJobQueue>(provider => provider.GetRequiredService<FaultyStore>()));
        return engine;
    }

    public static EngineHost OnSharedStore(this EngineHost engine)
    {
        engine.Replacements.Add(services => services.AddSingleton(InMemoryJobStore.Traits with { IsShared = true }));
        return engine.OnFaultyStore();
    }
}
