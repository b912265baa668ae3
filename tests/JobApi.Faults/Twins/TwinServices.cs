using JobApi.Engine.Execution;
using JobApi.Engine.Storage;
using JobApi.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JobApi.Faults.Twins;

/// <summary>What is added to a server of this harness.</summary>
internal static class TwinServices
{
    private const string Store = "SqliteJobStore";

    public static void Add(IServiceCollection services, IConfiguration configuration, Twin twin)
    {
        services.AddJobHandler<HangHandler>("hang");
        // Places enough for those that are run once more by hand: a fenced handler keeps its place for as long as it computes.
        services.AddJobHandler<SpinHandler>("spin", type => (type.IsCpuBound, type.MaxConcurrency) = (true, 64));

        services.AddJobHandler<CrashHandler>("crash");

        var path = configuration["JobApi:Sqlite:Path"]!;

        switch (twin)
        {
            case Twin.None:
                break;
            case Twin.AcknowledgesEarly:
                services.Decorate((queue, _) => new EarlyQueue(queue));
                break;
            case Twin.FlushesSeldom:
                services.PostConfigure<SqliteOptions>(options => options.Synchronous = 1);
                break;
            case Twin.ForgetsKeys:
                services.Decorate((queue, _) => new KeylessQueue(queue));
                break;
            case Twin.CompletesAtClaim:
                services.Decorate((queue, _) => new CompletingQueue(queue));
                break;
            case Twin.DropsHandBacks:
                services.Decorate((queue, _) => new DroppingQueue(queue));
                break;
            case Twin.ExpiresLeases:
                services.Decorate((queue, _) => new ExpiringQueue(queue));
                break;
            case Twin.CompletesById:
                services.Decorate((queue, provider) => new UnfencedQueue(queue, provider.GetRequiredService<IJobReader>()));
                break;
            case Twin.ForgivesPoison:
                services.AddHostedService<Forgiveness>();
                break;
            case Twin.HasNoTimeouts:
                services.Decorate((queue, _) => new PatientQueue(queue));
                break;
            case Twin.StealsTheLock:
                File.Delete(path + ".lock");
                break;
            case Twin.StartsAnew:
                services.OpenAnyway(path);
                break;
            default:
                throw new InvalidOperationException($"Nobody has said how {twin} is broken.");
        }
    }

    private static void Decorate(this IServiceCollection services, Func<IJobQueue, IServiceProvider, IJobQueue> wrap)
    {
        var real = services.Last(service => service.ServiceType == typeof(IJobQueue)).ImplementationFactory!;
        services.Replace(ServiceDescriptor.Singleton(provider => wrap((IJobQueue)real(provider), provider)));
    }

    /// <summary>Where the store refuses to open its file, it is given an empty one.</summary>
    private static void OpenAnyway(this IServiceCollection services, string path)
    {
        var store = services.Last(service => service.ServiceType.Name == Store);

        services.Replace(new ServiceDescriptor(store.ServiceType, OpenOrEmpty, ServiceLifetime.Singleton));

        object OpenOrEmpty(IServiceProvider provider)
        {
            try
            {
                return store.ImplementationFactory!(provider);
            }
#pragma warning disable CA1031 // The point of this twin: it does not care why.
            catch (Exception)
#pragma warning restore CA1031
            {
                File.Delete(path);
                File.Delete(path + "-wal");
                File.Delete(path + "-shm");
                File.Delete(path + ".state");

                return store.ImplementationFactory!(provider);
            }
        }
    }
}
