using JobApi.Engine.Completion;
using JobApi.Engine.Diagnostics;
using JobApi.Engine.Events;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Results;
using JobApi.Engine.Storage;

namespace JobApi.Engine.Dispatch;

/// <summary>
/// Claims jobs for idle hands, as many as there are, as soon as there are both; and, while jobs are short, a few more for hands that will
/// be idle when the claim comes back.
/// </summary>
internal sealed class Dispatcher : IEngineLoop
{
    /// <summary>Jobs claimed in one call at the most.</summary>
    private const int MaxClaim = 1_000;

    /// <summary>How long a job that was claimed ahead may wait for a worker before it goes back to the store.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(250);

    /// <summary>The look without a bell: on a shared store another node's bell can be lost.</summary>
    private static readonly TimeSpan SafetyPoll = TimeSpan.FromSeconds(5);

    private readonly IJobQueue _store;
    private readonly Doorbell _bell;
    private readonly Claims _claims;
    private readonly Hands _hands;
    private readonly Pace _pace;
    private readonly ReadyQueue _ready;
    private readonly TypeLimits _limits;
    private readonly CompletionBuffer _completions;
    private readonly ResultsStore _results;
    private readonly JobEvents _events;
    private readonly TimeProvider _time;

    public Dispatcher(
        IJobQueue store, Doorbell bell, Claims claims, Hands hands, Pace pace, ReadyQueue ready, TypeLimits limits,
        CompletionBuffer completions, ResultsStore results, JobEvents events, TimeProvider time)
    {
        (_store, _bell, _claims, _hands, _pace, _ready) = (store, bell, claims, hands, pace, ready);
        (_limits, _completions, _results, _events, _time) = (limits, completions, results, events, time);
        ready.OnIdle = bell.HandIdle;
    }

    public string Name => "dispatcher";

    public async Task RunAsync(Heartbeat heartbeat, CancellationToken stop)
    {
        // Whatever waits from before this start has rung no bell.
        _bell.Ring();

        while (true)
        {
            if (!await heartbeat.RestUntilAsync(_bell.WaitAsync(_hands.Ahead > 0 ? MaxWait : SafetyPoll, stop)))
            {
                _bell.MoreMayWait();

                // Nothing happens, so nothing has to be ahead of it; the next claim looks again.
                _hands.Ahead = 0;
            }

            TakeBackWhatWaits();

            while (!stop.IsCancellationRequested && await ClaimAsync())
            {
            }
        }
    }

    /// <summary>Passes claimed jobs to the workers whose hands were taken for them.</summary>
    public void Deliver(IReadOnlyList<HeldJob> claimed)
    {
        foreach (var held in claimed)
        {
            _events.Changed(held.Job);

            // A cancellation that came between the claim and its registration found no handler to stop; the cache knows of it.
            if (_results.FindCached(held.Job.Id) is { CancelRequestedAt: not null })
            {
                held.Stop(StopReason.CancelRequested);
            }

            if (!_ready.TryAdd(held))
            {
                HandBack(held);
            }
        }
    }

    /// <summary>
    /// Ends a claim that a submission made. A hand or a place it took and did not use may be the one a waiting job was refused
    /// meanwhile, so the bell is rung for it.
    /// </summary>
    public void Settle(ClaimRequest request, IEnumerable<Job> claimed)
    {
        var held = _claims.Close(request, claimed);
        Deliver(held);

        if (held.Count < request.Max)
        {
            _bell.Ring();
        }
    }

    /// <summary>An attempt has ended, and with it its use of a place of its type.</summary>
    public void Release(Job job)
    {
        if (_limits.Release(job.Type, 1))
        {
            _bell.Ring();
        }
    }

    /// <summary>Returns a job that no worker has begun; it is charged nothing.</summary>
    public void HandBack(HeldJob held)
    {
        Release(held.Job);
        _ = _completions.AddAsync(new FinishedAttempt(held, new JobOutcome.HandedBack(), TimeSpan.Zero, Worker: null)).AsTask();
    }

    /// <summary>A job that was claimed ahead and finds every worker busy with something long is better off in the store.</summary>
    private void TakeBackWhatWaits()
    {
        if (_ready.StuckFor is var waited && waited >= MaxWait)
        {
            _pace.Stalled(waited);
            _hands.Ahead = 0;

            foreach (var held in _ready.TakeBack())
            {
                HandBack(held);
            }
        }
    }

    /// <summary>One claim; true when another may bring more.</summary>
    private async Task<bool> ClaimAsync()
    {
        _hands.Ahead = _pace.Ahead();

        if (_claims.Open(MaxClaim) is not { } request)
        {
            return false;
        }

        _bell.Answer();
        var start = _time.GetTimestamp();
        IReadOnlyList<Job> claimed = [];

        try
        {
            // No token: a claim whose answer is thrown away would hold jobs that nobody runs.
            claimed = await _store.ClaimAsync(request, CancellationToken.None);
        }
        finally
        {
            Deliver(_claims.Close(request, claimed));
        }

        _pace.Claimed(_time.GetElapsedTime(start));

        if (claimed.Count < request.Max)
        {
            return false;
        }

        _bell.MoreMayWait();
        return true;
    }
}
