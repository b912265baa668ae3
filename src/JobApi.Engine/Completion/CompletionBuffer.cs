using System.Collections.Concurrent;
using System.Threading.Channels;
using JobApi.Engine.Diagnostics;
using JobApi.Engine.Execution;
using JobApi.Engine.Storage;
using Microsoft.Extensions.Logging;

namespace JobApi.Engine.Completion;

/// <summary>
/// Stores the ends of attempts: many outcomes, one write. Workers do not wait for the write, only for room in the buffer, so a
/// slow store slows the workers down instead of filling the memory.
/// </summary>
internal sealed partial class CompletionBuffer(EndWriter writer, StubbornEnds stubborn, ILogger<CompletionBuffer> logger) : IEngineLoop
{
    private const int MaxBatch = 2_000;
    private const int Capacity = 2 * MaxBatch;

    /// <summary>When so many cannot be stored one by one and none can, it is not they but the store.</summary>
    private const int MaxProbes = 16;

    /// <summary>When nothing else ends, an end that cannot be stored is not left alone before so many failures.</summary>
    private const int MaxLonelyFailures = 5;

    private readonly Channel<FinishedAttempt> _finished = Channel.CreateBounded<FinishedAttempt>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    // Ends of jobs that were handed back while the buffer was full.
    private readonly ConcurrentDictionary<Task, bool> _waiting = [];

    // Both owned by the loop. Fields, so that what could not be written is written again when the loop is restarted.
    private readonly List<FinishedAttempt> _batch = [];
    private int _lonelyFailures;

    public string Name => "completion buffer";

    /// <summary>Hands the end of an attempt over.</summary>
    public ValueTask AddAsync(FinishedAttempt finished) =>
        // No token: an attempt that was made is always recorded.
        _finished.Writer.WriteAsync(finished, CancellationToken.None);

    /// <summary>Hands the end of an attempt over without waiting for room.</summary>
    public void Add(FinishedAttempt finished)
    {
        var adding = AddAsync(finished);

        if (!adding.IsCompletedSuccessfully)
        {
            var waiting = adding.AsTask();
            _waiting.TryAdd(waiting, true);
            _ = waiting.ContinueWith(done => _waiting.TryRemove(done, out _), TaskScheduler.Default);
        }
    }

    /// <summary>No more ends will come; the loop ends when the last is stored. Those that still wait for room go in before the door is shut.</summary>
    /// <param name="gone">The store is gone: nobody makes room any more.</param>
    public async Task CloseAsync(CancellationToken gone)
    {
        await Task.WhenAll(_waiting.Keys).WaitAsync(gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _finished.Writer.TryComplete();
    }

    /// <summary>Runs until the buffer is closed and empty.</summary>
    public async Task RunAsync(Heartbeat heartbeat, CancellationToken stop)
    {
        while (_batch.Count > 0 || await heartbeat.RestUntilAsync(_finished.Reader.WaitToReadAsync(stop)))
        {
            while (_batch.Count < MaxBatch && _finished.Reader.TryRead(out var finished))
            {
                _batch.Add(finished);
            }

            await WriteAsync(stop);
        }

        await stubborn.FinishAsync();
    }

    /// <summary>Stores the batch, all at once or else one by one. Throws, and keeps it, when nothing can be stored: the supervisor then knows the pauses.</summary>
    private async Task WriteAsync(CancellationToken stop)
    {
        try
        {
            var open = await writer.WriteAsync(_batch, stop);
            _batch.Clear();
            _lonelyFailures = 0;
            Leave(open);
        }
#pragma warning disable CA1031 // Whatever it is, it may be about one of them only.
        catch (Exception exception) when (IsAboutEnds(exception) && (_batch.Count > 1 || ++_lonelyFailures == MaxLonelyFailures))
#pragma warning restore CA1031
        {
            LogOneByOne(logger, exception, _batch.Count);

            if (_batch.Count > 1)
            {
                await WriteOneByOneAsync(stop);
            }
            else
            {
                Leave(_batch);
                _batch.Clear();
                _lonelyFailures = 0;
            }
        }
    }

    private async Task WriteOneByOneAsync(CancellationToken stop)
    {
        var bad = new List<FinishedAttempt>();

        for (var tried = 0; tried < _batch.Count; tried++)
        {
            try
            {
                Leave(await writer.WriteAsync([_batch[tried]], stop, othersFollow: true));
            }
#pragma warning disable CA1031 // This one has to wait; the others must not.
            catch (Exception exception) when (IsAboutEnds(exception))
#pragma warning restore CA1031
            {
                bad.Add(_batch[tried]);

                if (bad.Count == tried + 1 && bad.Count == Math.Min(MaxProbes, _batch.Count))
                {
                    // The next round begins with others, should these really be bad.
                    _batch.RemoveRange(0, bad.Count);
                    _batch.AddRange(bad);
                    throw;
                }
            }
        }

        _batch.Clear();
        Leave(bad);
    }

    private void Leave(IReadOnlyList<FinishedAttempt> ends)
    {
        foreach (var end in ends)
        {
            stubborn.Add(end);
        }
    }

    private static bool IsAboutEnds(Exception exception) => exception is not (OperationCanceledException or StoreException { IsFinal: true });

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} ends of attempts could not be stored together; each is tried by itself")]
    private static partial void LogOneByOne(ILogger logger, Exception exception, int count);
}
