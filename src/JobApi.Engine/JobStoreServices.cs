using JobApi.Engine.Diagnostics;
using JobApi.Engine.Dispatch;
using JobApi.Engine.Events;
using JobApi.Engine.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JobApi.Engine;

/// <summary>Puts a store under the engine.</summary>
public static class JobStoreServices
{
    /// <summary>
    /// Makes a store the one the engine works on, in place of whichever was added before. The store is made once, when the engine is, and what
    /// is done through <see cref="IJobControl"/> is announced to everyone who waits for a job.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="traits">What the store promises.</param>
    /// <param name="open">Makes the store. What it throws stops the start.</param>
    public static IServiceCollection AddJobStore<TStore>(this IServiceCollection services, StoreTraits traits, Func<IServiceProvider, TStore> open)
        where TStore : class, IJobQueue, IJobReader, IJobControl, IJobHistory, IQueueSettings
    {
        ArgumentNullException.ThrowIfNull(services);

        return services
            .RemoveAll<StoreTraits>().RemoveAll<IJobQueue>().RemoveAll<IJobReader>().RemoveAll<IJobHistory>().RemoveAll<IJobControl>().RemoveAll<IQueueSettings>()
            .AddSingleton(open)
            .AddSingleton(traits)
            .AddSingleton<IJobQueue>(provider => provider.GetRequiredService<TStore>())
            .AddSingleton<IJobReader>(provider => provider.GetRequiredService<TStore>())
            .AddSingleton<IJobHistory>(provider => provider.GetRequiredService<TStore>())
            .AddSingleton<IQueueSettings>(provider => new HeededQueueSettings(
                provider.GetRequiredService<TStore>(), provider.GetRequiredService<OpenQueues>(), provider.GetRequiredService<Isolation>(), provider.GetRequiredService<TypeLimits>()))
            .AddSingleton<IJobControl>(provider => new AnnouncingJobControl(
                provider.GetRequiredService<TStore>(), provider.GetRequiredService<JobEvents>(), provider.GetRequiredService<JobMetrics>()));
    }
}
