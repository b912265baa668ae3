using JobApi.Engine.Completion;
using JobApi.Engine.Diagnostics;
using JobApi.Engine.Dispatch;
using JobApi.Engine.Events;
using JobApi.Engine.Execution;
using JobApi.Engine.Files;
using JobApi.Engine.Results;
using JobApi.Engine.Storage;
using JobApi.Engine.Storage.Searching;
using JobApi.Engine.Submission;
using JobApi.Engine.Upkeep;
using JobApi.Engine.Workers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobApi.Engine;

/// <summary>Adds the engine to a host.</summary>
public static class JobEngineServices
{
    /// <summary>
    /// Adds the engine: submission, dispatch, workers, results and upkeep, on the in-memory store unless <see cref="JobStoreServices.AddJobStore"/>
    /// puts another one in its place. Job types are added with
    /// <see cref="JobHandlerServices.AddJobHandler"/>.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The section with the engine's settings, <c>JobApi</c>.</param>
    public static IServiceCollection AddJobEngine(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);

        return services
            .AddSettings(configuration)
            .AddMemoryStore()
            .AddFileStore()
            .AddRooms()
            .AddSingleton<JobEngine>()
            .AddHostedService(provider => provider.GetRequiredService<JobEngine>());
    }

    /// <summary>How long the engine may take to stop. The host must not lose patience before.</summary>
    public static TimeSpan MaxShutdownTime(WorkerOptions workers, ExecutionOptions execution)
    {
        ArgumentNullException.ThrowIfNull(workers);
        ArgumentNullException.ThrowIfNull(execution);
        return workers.ShutdownGrace + execution.CancellationGrace + TimeSpan.FromSeconds(30);
    }

    private static IServiceCollection AddSettings(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<StoreOptions>().Bind(configuration).ValidateDataAnnotations().ValidateOnStart()
            .PostConfigure<IOptions<RetentionOptions>>((store, retention) => store.Retention = retention.Value.ToPolicy());

        services.AddOptions<WorkerOptions>().Bind(configuration.GetSection("Workers")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<WorkerOptions>, WorkerOptionsRules>();
        services.AddOptions<ExecutionOptions>().Bind(configuration.GetSection("Execution")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ResultsOptions>().Bind(configuration.GetSection("Results")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<RetentionOptions>().Bind(configuration.GetSection("Retention")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<RetentionOptions>, RetentionOptionsRules>();
        services.AddOptions<DispatchOptions>().Bind(configuration.GetSection("Dispatch")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<LeaseOptions>().Bind(configuration.GetSection("Lease")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<FileStoreOptions>().Bind(configuration.GetSection("Files")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<FileStoreOptions>, FileStoreOptionsRules>();
        services.AddOptions<DiskOptions>().Bind(configuration.GetSection("Disk")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<SearchOptions>().Bind(configuration.GetSection(SearchOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<StatsOptions>().Bind(configuration.GetSection("Stats")).ValidateDataAnnotations().ValidateOnStart();

        return services;
    }

    private static IServiceCollection AddMemoryStore(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);

        return services.AddJobStore(InMemoryJobStore.Traits, provider => new InMemoryJobStore(provider.GetRequiredService<IOptions<StoreOptions>>().Value));
    }

    private static IServiceCollection AddFileStore(this IServiceCollection services)
    {
        services.TryAddSingleton<IFileStore>(provider => new FolderFileStore(
            provider.GetRequiredService<IOptions<FileStoreOptions>>().Value, provider.GetRequiredService<TimeProvider>()));

        services.TryAddSingleton<IDiskProbe, DiskProbe>();
        services.AddSingleton(provider => new WatchedDisk(
            DiskUse.Files, Path.GetFullPath(provider.GetRequiredService<IOptions<FileStoreOptions>>().Value.Folder)));

        return services.AddSingleton<FileHolds>().AddSingleton(provider => new FileCollector(
            provider.GetRequiredService<IFileStore>(), provider.GetRequiredService<IJobReader>(), provider.GetRequiredService<FileHolds>(),
            provider.GetRequiredService<IOptions<FileStoreOptions>>().Value));
    }

    private static IServiceCollection AddRooms(this IServiceCollection services) => services
        .AddSingleton<JobMetrics>()
        .AddSingleton<EngineHealth>()
        .AddSingleton<DiskSpace>()
        .AddSingleton<LoopSupervisor>()
        .AddSingleton<JobEvents>()
        .AddSingleton<ResultsStore>()
        .AddSingleton<HandlerRegistry>()
        .AddSingleton<Occupancy>()
        .AddSingleton<HeldJobs>()
        .AddSingleton<HistoryBell>()
        .AddSingleton<JobExecutor>()
        .AddSingleton<HistoryWriter>()
        .AddSingleton<EndWriter>()
        .AddSingleton<StubbornEnds>()
        .AddSingleton<CompletionBuffer>()
        .AddSingleton(_ => Node.Random())
        .AddSingleton<Hands>()
        .AddSingleton<Pace>()
        .AddSingleton<LookAhead>()
        .AddSingleton<TypeLimits>()
        .AddSingleton(provider => new OpenQueues(provider.GetRequiredService<Doorbell>()))
        .AddSingleton<Isolation>()
        .AddSingleton<Claims>()
        .AddSingleton<SuspectClaims>()
        .AddSingleton<Doorbell>()
        .AddSingleton(provider => new ReadyQueue(
            provider.GetRequiredService<Hands>(), WorkerPool.MaxSize + Pace.MaxAhead, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<Dispatcher>()
        .AddSingleton(provider => new WorkerPool(
            provider.GetRequiredService<Hands>(),
            provider.GetRequiredService<Pace>(),
            provider.GetRequiredService<ReadyQueue>(),
            provider.GetRequiredService<JobExecutor>(),
            provider.GetRequiredService<Occupancy>(),
            provider.GetRequiredService<CompletionBuffer>(),
            provider.GetRequiredService<Dispatcher>(),
            provider.GetRequiredService<IOptions<WorkerOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<WorkerPool>>()))
        .AddSingleton<DraftChecks>()
        .AddSingleton<Intake>()
        .AddSingleton(provider => new JobSubmitter(
            provider.GetRequiredService<DraftChecks>(), provider.GetRequiredService<FileHolds>(), provider.GetRequiredService<Intake>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => new BulkSubmitter(
            provider.GetRequiredService<DraftChecks>(), provider.GetRequiredService<FileHolds>(), provider.GetRequiredService<Intake>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<AutoScaler>()
        .AddSingleton<LeaseKeeper>()
        .AddSingleton<TimeKeeper>()
        .AddSingleton<Retention>()
        .AddSingleton<FileUpkeep>()
        .AddSingleton<DiskWatch>()
        .AddSingleton<StatsLine>()
        .AddSingleton<Indexing>()
        .AddSingleton<EngineParts>();
}
