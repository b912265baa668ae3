using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Engine.Execution;

/// <summary>What a handler has said since it was last stored: log lines, and the latest progress.</summary>
internal sealed class AttemptJournal
{
    /// <summary>A handler that writes faster than the store keeps its newest lines.</summary>
    private const int MaxPending = 1_000;

    private readonly Lock _gate = new();
    private Queue<LogText>? _lines;
    private JobProgress? _progress;

    /// <summary>Adds a line; true when nothing was pending before, so that somebody has to come and fetch.</summary>
    public bool Add(LogText line)
    {
        lock (_gate)
        {
            var first = IsEmpty;
            _lines ??= [];
            _lines.Enqueue(line);

            if (_lines.Count > MaxPending)
            {
                _lines.Dequeue();
            }

            return first;
        }
    }

    /// <summary>Replaces the progress; true when nothing was pending before.</summary>
    public bool Set(JobProgress progress)
    {
        lock (_gate)
        {
            var first = IsEmpty;
            _progress = progress;
            return first;
        }
    }

    /// <summary>Takes what is pending; null when nothing is.</summary>
    public HistoryEntry? Take(Lease lease)
    {
        lock (_gate)
        {
            if (IsEmpty)
            {
                return null;
            }

            var entry = new HistoryEntry(lease, _lines is null ? [] : [.. _lines], _progress);
            (_lines, _progress) = (null, null);
            return entry;
        }
    }

    private bool IsEmpty => _lines is null && _progress is null;
}
