using JobApi.Engine.Diagnostics;
using JobApi.Engine.Events;
using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Dispatch;

/// <summary>
/// Wakes the dispatcher, and only when there may be something to do: a job became claimable, or a worker fell idle while jobs
/// were waiting.
/// </summary>
internal sealed class Doorbell(TimeProvider time) : IJobObserver
{
    private readonly Signal _signal = new(time);
    private volatile bool _jobsMayWait;

    /// <summary>There may be a job to claim.</summary>
    public void Ring()
    {
        _jobsMayWait = true;
        _signal.Set();
    }

    /// <summary>A worker fell idle, or a hand that was taken for nothing is free again.</summary>
    public void HandIdle()
    {
        if (_jobsMayWait)
        {
            _signal.Set();
        }
    }

    /// <summary>A claim is about to be made; what becomes claimable from here on rings again.</summary>
    public void Answer() => _jobsMayWait = false;

    /// <summary>A claim brought all it asked for, so there may be more.</summary>
    public void MoreMayWait() => _jobsMayWait = true;

    /// <summary>Waits for the bell, or for the time of a look without it.</summary>
    public ValueTask<bool> WaitAsync(TimeSpan atMost, CancellationToken stop) => _signal.WaitAsync(atMost, stop);

    public void Changed(Job job)
    {
        if (job.State == JobState.Queued)
        {
            Ring();
        }
    }
}
