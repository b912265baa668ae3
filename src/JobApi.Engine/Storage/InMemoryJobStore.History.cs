using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage.InMemory;

namespace JobApi.Engine.Storage;

public sealed partial class InMemoryJobStore
{
    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Job>> AppendAsync(IReadOnlyList<HistoryEntry> entries, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var changed = new List<Job>();

            foreach (var entry in entries)
            {
                if (Held(entry.Lease) is not { } stored)
                {
                    continue;
                }

                if (entry.Lines.Count > 0)
                {
                    stored.Logs ??= new LogBook(_options.MaxLogLines);
                    var grown = entry.Lines.Sum(line => stored.Logs.Add(entry.Lease.Attempt, line));
                    Put(stored, stored.Job with { HistoryBytes = stored.Job.HistoryBytes + grown });
                }

                if (entry.Progress is { } progress)
                {
                    changed.Add(Put(stored, JobLifecycle.Report(stored.Job, progress)));
                }
            }

            return new(changed);
        }
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<AttemptRecord>?> AttemptsAsync(Guid id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(_jobs.TryGetValue(id, out var stored) ? [.. stored.Attempts] : null);
        }
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<LogLine>?> LogsAsync(Guid id, long after, int max, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(_jobs.TryGetValue(id, out var stored) ? stored.Logs?.After(after, max) ?? [] : null);
        }
    }
}
