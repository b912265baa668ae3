using JobApi.Engine;
using JobApi.Engine.Diagnostics;
using JobApi.Engine.Storage;
using JobApi.Engine.Storage.Searching;
using JobApi.Sqlite.Database;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JobApi.Sqlite;

/// <summary>Puts the SQLite store under the engine.</summary>
public static class SqliteStoreServices
{
    /// <summary>
    /// Keeps jobs in an SQLite file instead of in memory; called after <see cref="JobEngineServices.AddJobEngine"/>. When a write fails in a way
    /// after which nothing can be promised, the host stops at once, with exit code 1.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The section with the engine's settings, <c>JobApi</c>; those of the file are below it in <c>Sqlite</c>.</param>
    public static IServiceCollection AddSqliteStore(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);

        services.AddOptions<SqliteOptions>().Bind(configuration.GetSection(SqliteOptions.Section)).ValidateDataAnnotations().ValidateOnStart()
            .PostConfigure<IOptions<SearchOptions>>((sqlite, search) => sqlite.Search = search.Value.Enabled)
            .PostConfigure(sqlite => sqlite.Path = string.IsNullOrWhiteSpace(sqlite.Path) ? sqlite.Path : Location.Behind(sqlite.Path));

        if (configuration[nameof(StoreOptions.MaxBacklog)] is null)
        {
            services.Configure<StoreOptions>(options => options.MaxBacklog = SqliteOptions.DefaultMaxBacklog);
        }

        return services
            .AddSingleton(provider => new WatchedDisk(
                DiskUse.Jobs, Path.GetDirectoryName(provider.GetRequiredService<IOptions<SqliteOptions>>().Value.Path)!))
            .AddJobStore(SqliteJobStore.Traits, provider => SqliteJobStore.Open(
                provider.GetRequiredService<IOptions<SqliteOptions>>().Value,
                provider.GetRequiredService<IOptions<StoreOptions>>().Value,
                provider.GetRequiredService<TimeProvider>().GetUtcNow()))
            .AddSingleton<IStoreBackup>(provider => provider.GetRequiredService<SqliteJobStore>())
            .AddSingleton<ISearchIndex>(provider => provider.GetRequiredService<SqliteJobStore>())
            .AddHostedService<BallastKeeper>()
            .AddHostedService<SqliteStoreGuard>();
    }
}
