using JobApi.Engine.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobApi.Sqlite;

/// <summary>Tells what was found in the file, and ends the process when the file can no longer be trusted: the restart reads what is really there.</summary>
internal sealed partial class SqliteStoreGuard(
    SqliteJobStore store, IOptions<SqliteOptions> options, EngineHealth health, ILogger<SqliteStoreGuard> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        LogOpened(Path.GetFullPath(options.Value.Path), store.Recovered);

        var stopped = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stoppingToken);

        if (await Task.WhenAny(store.Failed, stopped) == store.Failed)
        {
            LogFailed(await store.Failed);
            health.StoreHasStopped("the store takes no more writes");
        }
    }

    [LoggerMessage(LogLevel.Information, "Opened {Path}; {Recovered} jobs that a dead process left running were recovered")]
    private partial void LogOpened(string path, int recovered);

    [LoggerMessage(LogLevel.Critical, "A write failed and its outcome is unknown; the server stops, and its next start reads what is on the disk")]
    private partial void LogFailed(Exception exception);
}
