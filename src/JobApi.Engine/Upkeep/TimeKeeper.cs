using JobApi.Engine.Diagnostics;
using JobApi.Engine.Events;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Engine.Upkeep;

/// <summary>
/// Has the store look at the clock exactly when something is due: a scheduled job's time, an expiry, the end of a lease. It
/// sleeps until then, and a job that is due earlier wakes it.
/// </summary>
internal sealed class TimeKeeper(IJobQueue store, JobEvents events, JobMetrics metrics, TimeProvider time) : IEngineLoop, IJobObserver
{
    private const int MaxChanges = 1_000;

    /// <summary>The look without a wake-up: on a shared store another node may have scheduled something.</summary>
    private static readonly TimeSpan SafetyPoll = TimeSpan.FromSeconds(5);

    /// <summary>What is due and yet does not move, because the store's clock is behind ours, is not asked for without a pause.</summary>
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(1);

    private readonly Signal _earlier = new(time);

    // Written by the loop; read by whoever announces a job, to see whether the loop must look earlier.
    private long _nextLook = long.MinValue;

    public string Name => "time keeper";

    public bool IsVital => true;

    public async Task RunAsync(Heartbeat heartbeat, CancellationToken stop)
    {
        while (true)
        {
            // While it looks, every announcement wakes it again: it may be due before what the look will find.
            Volatile.Write(ref _nextLook, long.MaxValue);
            var now = time.GetUtcNow();
            var advanced = await store.AdvanceAsync(new AdvanceRequest(now, MaxChanges), stop);

            foreach (var job in advanced.Changed)
            {
                if (job.State.IsTerminal())
                {
                    metrics.EndedUnheld(job);
                }

                events.Changed(job);
            }

            heartbeat.Beat();

            var next = advanced.NextDue is { } due && due < now + SafetyPoll ? due : now + SafetyPoll;
            Volatile.Write(ref _nextLook, next.UtcTicks);

            if (next > now || advanced.Changed.Count == 0)
            {
                var pause = next - now;
                await heartbeat.RestUntilAsync(_earlier.WaitAsync(pause > MinPause ? pause : MinPause, stop));
            }
        }
    }

    public void Changed(Job job)
    {
        var expires = JobLifecycle.ExpiresAt(job);
        var due = job.State == JobState.Scheduled ? Earlier(job.RunAt, expires) : expires;

        if (due is { } at && at.UtcTicks < Volatile.Read(ref _nextLook))
        {
            _earlier.Set();
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset? other) => other < one ? other.Value : one;
}
