using JobApi.Engine.Diagnostics;
using JobApi.Engine.Events;
using JobApi.Engine.Execution;
using JobApi.Engine.Storage;

namespace JobApi.Engine.Completion;

/// <summary>Stores what running handlers say. While one write is under way, further words gather for the next.</summary>
internal sealed class HistoryWriter(IJobHistory store, HistoryBell bell, JobEvents events) : IEngineLoop, IDisposable
{
    private const int MaxBatch = 1_000;

    // One write at a time, so that words taken from a journal are stored before the end of their attempt is.
    private readonly SemaphoreSlim _writing = new(1, 1);

    public string Name => "history writer";

    public async Task RunAsync(Heartbeat heartbeat, CancellationToken stop)
    {
        while (true)
        {
            await heartbeat.RestUntilAsync(bell.WaitAsync(stop));
            await FlushAsync(Spoken(), stop);
        }
    }

    /// <summary>Stores what these jobs have said and is not stored yet.</summary>
    public async Task FlushAsync(IEnumerable<HeldJob> jobs, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);

        try
        {
            var entries = new List<HistoryEntry>();

            foreach (var held in jobs)
            {
                if (held.TakeWords() is { } entry)
                {
                    entries.Add(entry);
                }
            }

            if (entries.Count > 0)
            {
                events.Changed(await store.AppendAsync(entries, cancellationToken));
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose() => _writing.Dispose();

    private IEnumerable<HeldJob> Spoken()
    {
        for (var i = 0; i < MaxBatch && bell.TryTake(out var held); i++)
        {
            yield return held;
        }
    }
}
