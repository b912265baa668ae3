using JobApi.Engine.Diagnostics;
using JobApi.Engine.Events;
using JobApi.Engine.Execution;
using JobApi.Engine.Storage;
using Microsoft.Extensions.Logging;

namespace JobApi.Engine.Completion;

/// <summary>Stores what running handlers say. While one write is under way, further words gather for the next.</summary>
internal sealed partial class HistoryWriter(IJobHistory store, HistoryBell bell, JobEvents events, TimeProvider time, ILogger<HistoryWriter> logger) : IEngineLoop, IDisposable
{
    private const int MaxBatch = 1_000;

    /// <summary>After so long it may be the words that a store will not take. Ends wait behind them, and are worth more.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // One write at a time, so that words taken from a journal are stored before the end of their attempt is.
    private readonly SemaphoreSlim _writing = new(1, 1);

    // Under the semaphore: words that are in no journal any more and in no store yet, and since when that fails.
    private volatile List<HistoryEntry> _taken = [];
    private long? _failingSince;

    public string Name => "history writer";

    public async Task RunAsync(Heartbeat heartbeat, CancellationToken stop)
    {
        while (true)
        {
            // Nobody rings again for what was taken before the loop was restarted.
            if (_taken.Count == 0)
            {
                await heartbeat.RestUntilAsync(bell.WaitAsync(stop));
            }

            await FlushAsync(Spoken(), stop);
            heartbeat.Beat();
        }
    }

    /// <summary>
    /// Stores what these jobs have said and is not stored yet. When it throws, what was taken is kept and stored by the next call, before anything else is taken:
    /// until then the journals hold what follows, and they are bounded. A write whose answer got lost is made twice.
    /// </summary>
    public async Task FlushAsync(IEnumerable<HeldJob> jobs, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);

        try
        {
            await StoreAsync(cancellationToken);
            _taken = Take(jobs);
            await StoreAsync(cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose() => _writing.Dispose();

    private async ValueTask StoreAsync(CancellationToken cancellationToken)
    {
        if (_taken.Count == 0)
        {
            return;
        }

        IReadOnlyList<Lifecycle.Job> changed = [];

        try
        {
            changed = await store.AppendAsync(_taken, cancellationToken);
        }
#pragma warning disable CA1031 // Whatever it is, words must not keep ends from being stored for ever.
        catch (Exception exception) when (IsAboutWords(exception) && HasFailedForLong())
#pragma warning restore CA1031
        {
            LogLost(logger, exception, _taken.Count, Patience.TotalSeconds);
        }

        (_taken, _failingSince) = ([], null);
        events.Changed(changed);
    }

    private bool HasFailedForLong()
    {
        _failingSince ??= time.GetTimestamp();
        return time.GetElapsedTime(_failingSince.Value) >= Patience;
    }

    private static List<HistoryEntry> Take(IEnumerable<HeldJob> jobs)
    {
        var entries = new List<HistoryEntry>();

        foreach (var held in jobs)
        {
            if (held.TakeWords() is { } entry)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    private IEnumerable<HeldJob> Spoken()
    {
        for (var i = 0; i < MaxBatch && bell.TryTake(out var held); i++)
        {
            yield return held;
        }
    }

    private static bool IsAboutWords(Exception exception) => exception is not (OperationCanceledException or StoreException { IsFinal: true } or StoreException { IsPassing: true });

    [LoggerMessage(Level = LogLevel.Error, Message = "What {Count} handlers have said could not be stored for {Seconds} s and is given up")]
    private static partial void LogLost(ILogger logger, Exception exception, int count, double seconds);
}
