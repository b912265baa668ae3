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

    /// <summary>The end of an attempt is looked up through a reader that fails when told to.</summary>
    public static EngineHost OnForgetfulReader(this EngineHost engine, out ForgetfulReader reader)
    {
        var forgetful = reader = new ForgetfulReader();
        engine.Replacements.Add(services => services.AddSingleton<IJobReader>(provider =>
        {
            forgetful.Inner = provider.GetRequiredService<InMemoryJobStore>();
            return forgetful;
        }));
        return engine;
    }

    public static EngineHost OnSharedStore(this EngineHost engine)
    {
        engine.Replacements.Add(services => services.AddSingleton(InMemoryJobStore.Traits with { IsShared = true }));
        return engine.OnFaultyStore();
    }
}
