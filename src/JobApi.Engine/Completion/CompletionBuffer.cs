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

    public bool IsVital => true;

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
    /// <param name="loop">The run of the loop: when it has ended nobody makes room any more.</param>
    /// <param name="gone">The store is gone: nobody will make room.</param>
    public async Task CloseAsync(Task loop, CancellationToken gone)
    {
        Task over = Task.WhenAny(Task.WhenAll(_waiting.Keys), loop);
        await over.WaitAsync(gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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

            await WriteAsync(heartbeat, stop);
        }

        await stubborn.FinishAsync();
    }

    /// <summary>Stores the batch, all at once or else one by one. Throws, and keeps it, when nothing can be stored: the supervisor then knows the pauses.</summary>
    private async Task WriteAsync(Heartbeat heartbeat, CancellationToken stop)
    {
        try
        {
            Leave(await writer.WriteAsync(_batch, stop));
        }
#pragma warning disable CA1031 // Whatever it is, it may be about one of them only.
        catch (Exception exception) when (IsAboutEnds(exception))
#pragma warning restore CA1031
        {
            if (_batch.Count == 1)
            {
                _lonelyFailures++;

                if (_lonelyFailures < MaxLonelyFailures)
                {
                    throw;
                }
            }

            LogOneByOne(logger, exception, _batch.Count);

            if (_batch.Count > 1)
            {
                await WriteOneByOneAsync(heartbeat, stop);
            }

            // What is still there is bad.
            Leave(_batch);
        }

        _batch.Clear();
        _lonelyFailures = 0;
        heartbeat.Beat();
    }

    /// <summary>Stores what can be stored, and leaves the others in the batch. Throws when it seems to be none of their fault.</summary>
    private async Task WriteOneByOneAsync(Heartbeat heartbeat, CancellationToken stop)
    {
        var (bad, isAnyStored) = (0, false);

        while (bad < _batch.Count)
        {
            try
            {
                Leave(await writer.WriteAsync([_batch[bad]], stop, othersFollow: true));

                // At once: should the store be gone for the next one, this one must not be written and counted again.
                _batch.RemoveAt(bad);
                isAnyStored = true;
                heartbeat.Beat();
            }
#pragma warning disable CA1031 // This one has to wait; the others must not.
            catch (Exception exception) when (IsAboutEnds(exception))
#pragma warning restore CA1031
            {
                bad++;

                if (!isAnyStored && bad == Math.Min(MaxProbes, _batch.Count))
                {
                    // The next round begins with others, should these really be bad.
                    _batch.AddRange(_batch[..bad]);
                    _batch.RemoveRange(0, bad);
                    throw;
                }
            }
        }
    }

    private void Leave(IReadOnlyList<FinishedAttempt> ends)
    {
        foreach (var end in ends)
        {
            stubborn.Add(end);
        }
    }

    private static bool IsAboutEnds(Exception exception) => exception is not (OperationCanceledException or StoreException { IsFinal: true } or StoreException { IsPassing: true });

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} ends of attempts could not be stored together; each is tried by itself")]
    private static partial void LogOneByOne(ILogger logger, Exception exception, int count);
}
