using System.Runtime.InteropServices;
using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage.InMemory;

/// <summary>The counters, kept with every write.</summary>
internal sealed class Tally
{
    private readonly long[] _byState = new long[Enum.GetValues<JobState>().Length];
    private readonly Dictionary<string, long> _queuedByQueue = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _queuedByType = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Type, string Queue), long> _suspects = [];
    private long _bytes;
    private long _finishedBytes;

    /// <summary>Bytes of jobs that are not finished.</summary>
    public long BacklogBytes => _bytes - _finishedBytes;

    public long Backlog => _byState[(int)JobState.Scheduled] + _byState[(int)JobState.Queued] + _byState[(int)JobState.Running];

    public void Update(Job? before, Job? after)
    {
        Count(before, -1);
        Count(after, 1);
    }

    public JobCounts ToCounts(DateTimeOffset? oldestQueuedSince, Func<string, bool> isPaused) => new()
    {
        ByState = Enum.GetValues<JobState>().ToDictionary(state => state, state => _byState[(int)state]),
        QueuedByQueue = new Dictionary<string, long>(_queuedByQueue),
        QueuedByType = new Dictionary<string, long>(_queuedByType),
        SuspectsByType = ByType(_suspects),
        OpenSuspectsByType = ByType(_suspects.Where(suspects => !isPaused(suspects.Key.Queue))),
        OldestQueuedSince = oldestQueuedSince,
        Bytes = _bytes,
    };

    private void Count(Job? job, int sign)
    {
        if (job is null)
        {
            return;
        }

        var bytes = sign * JobSize.Of(job);
        _byState[(int)job.State] += sign;
        _bytes += bytes;

        if (job.State.IsTerminal())
        {
            _finishedBytes += bytes;
        }

        if (job.State == JobState.Queued)
        {
            Count(_queuedByQueue, job.Queue, sign);
            Count(_queuedByType, job.Type, sign);

            if (JobLifecycle.IsSuspect(job))
            {
                Count(_suspects, (job.Type, job.Queue), sign);
            }
        }
    }

    private static Dictionary<string, long> ByType(IEnumerable<KeyValuePair<(string Type, string Queue), long>> counts) =>
        counts.GroupBy(count => count.Key.Type, StringComparer.Ordinal).ToDictionary(type => type.Key, type => type.Sum(count => count.Value), StringComparer.Ordinal);

    /// <summary>Names come from callers, so a count of nothing is not kept.</summary>
    private static void Count<TName>(Dictionary<TName, long> counts, TName name, int sign)
        where TName : notnull
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, name, out _);
        count += sign;

        if (count == 0)
        {
            counts.Remove(name);
        }
    }
}
