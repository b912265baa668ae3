using JobApi.Engine.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobApi.Sqlite;

/// <summary>Makes the ballast at the start, tells when it was given up, and makes it again when there is room above the floor.</summary>
internal sealed partial class BallastKeeper(
    SqliteJobStore store, IOptions<SqliteOptions> options, IOptions<DiskOptions> disk, TimeProvider time, ILogger<BallastKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(Interval, time);
        var givenUp = 0;

        do
        {
            givenUp = Keep(givenUp);
        }
        while (await tick.WaitForNextTickAsync(stoppingToken));
    }

    private int Keep(int givenUp)
    {
        if (store.Ballast.GivenUp is var now && now > givenUp)
        {
            LogGivenUp(options.Value.BallastBytes);
        }

        try
        {
            if (store.Ballast.Make(disk.Value.MinFreeBytes) && now > 0)
            {
                LogBack(options.Value.BallastBytes);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody was quicker with the room that was there a moment ago.
            LogNoRoom(exception);
        }

        return now;
    }

    [LoggerMessage(LogLevel.Error, "The disk is full: the ballast of {Bytes} bytes was given up, so that what is stored can go on and end. Make room")]
    private partial void LogGivenUp(long bytes);

    [LoggerMessage(LogLevel.Information, "The ballast of {Bytes} bytes is back: the disk has room again")]
    private partial void LogBack(long bytes);

    [LoggerMessage(LogLevel.Debug, "The ballast could not be made")]
    private partial void LogNoRoom(Exception exception);
}
