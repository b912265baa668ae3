using JobApi.Engine.Diagnostics;
using JobApi.Engine.Storage.Searching;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobApi.Engine.Upkeep;

/// <summary>Keeps the store's search index, step by step, behind everybody else. On a disk that is short of room it waits: search is the first to do without.</summary>
internal sealed partial class Indexing(
    IOptions<SearchOptions> options, DiskSpace disks, TimeProvider time, ILogger<Indexing> logger, ISearchIndex? index = null) : IEngineLoop
{
    private Exception? _trouble;

    public string Name => "search indexer";

    /// <summary>Whether there is an index to keep.</summary>
    public bool IsNeeded => index is not null && options.Value.Enabled;

    public async Task RunAsync(Heartbeat heartbeat, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var pause = disks.IsShortOf(DiskUse.Jobs) ? IndexPace.Troubled : await StepAsync(index!, stop);
            heartbeat.Beat();
            await heartbeat.RestUntilAsync(RestAsync(pause, stop));
        }
    }

    private async Task<TimeSpan> StepAsync(ISearchIndex kept, CancellationToken stop)
    {
        var start = time.GetTimestamp();
        var step = await kept.StepAsync(stop);
        Tell(step.Trouble);

        return IndexPace.After(step, time.GetElapsedTime(start), options.Value.BusyShare);
    }

    /// <summary>Once is enough for the log: it hears of a change and not of a state.</summary>
    private void Tell(Exception? trouble)
    {
        if (trouble is not null && _trouble?.Message != trouble.Message)
        {
            LogTrouble(logger, trouble);
        }
        else if (trouble is null && _trouble is not null)
        {
            LogGoesOn(logger);
        }

        _trouble = trouble;
    }

    private async ValueTask<bool> RestAsync(TimeSpan pause, CancellationToken stop)
    {
        await Task.Delay(pause, time, stop);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The search index cannot be kept now; searches find what it knows, and it is tried again")]
    private static partial void LogTrouble(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "The search index is kept again")]
    private static partial void LogGoesOn(ILogger logger);
}
