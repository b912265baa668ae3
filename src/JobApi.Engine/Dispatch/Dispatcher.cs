using JobApi.Engine.Completion;
using JobApi.Engine.Diagnostics;
using JobApi.Engine.Events;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Engine.Dispatch;

/// <summary>
/// Claims jobs for idle hands, as many as there are, as soon as there are both; and, while jobs are short, a few more for hands that will
/// be idle when the claim comes back.
/// </summary>
internal sealed class Dispatcher : IEngineLoop
{
    /// <summary>Jobs claimed in one call at the most.</summary>
    private const int MaxClaim = 2_000;

    /// <summary>The look without a bell: on a shared store another node's bell can be lost.</summary>
    private static readonly TimeSpan SafetyPoll = TimeSpan.FromSeconds(5);

    /// <summary>A timer that fires a moment early is not waited for in circles.</summary>
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(1);

    private readonly IJobQueue _store;
    private readonly Doorbell _bell;
    private readonly Claims _claims;
    private readonly Isolation _isolation;
    private readonly SuspectClaims _suspects;
    private readonly bool _isShared;
    private readonly LookAhead _lookAhead;
    private readonly ReadyQueue _ready;
    private readonly TypeLimits _limits;
    private readonly CompletionBuffer _completions;
    private readonly JobEvents _events;
    private readonly OpenQueues _queues;
    private readonly IQueueSettings _settings;

    public Dispatcher(
        IJobQueue store, StoreTraits traits, Doorbell bell, Claims claims, Isolation isolation, SuspectClaims suspects, LookAhead lookAhead,
        ReadyQueue ready, TypeLimits limits, CompletionBuffer completions, JobEvents events, OpenQueues queues, IQueueSettings settings)
    {
        (_store, _isShared, _bell, _claims, _isolation, _suspects) = (store, traits.IsShared, bell, claims, isolation, suspects);
        (_lookAhead, _ready, _limits, _completions, _events) = (lookAhead, ready, limits, completions, events);
        (_queues, _settings) = (queues, settings);
        ready.OnIdle = bell.HandIdle;
    }

    public string Name => "dispatcher";

    public bool IsVital => true;

    public async Task RunAsync(Heartbeat heartbeat, CancellationToken stop)
    {
        await _queues.LoadAsync(_settings, stop);

        // Whatever waits from before this start has rung no bell.
        _isolation.SuspectMayWait();
        _bell.Ring();

        while (true)
        {
            if (!await heartbeat.RestUntilAsync(_bell.WaitAsync(NextLook(), stop)))
            {
                _bell.MoreMayWait();
                _lookAhead.Look();

                if (_isShared)
                {
                    _isolation.SuspectMayWait();
                }
            }

            foreach (var stuck in _lookAhead.TakeBack())
            {
                HandBack(stuck);
            }

            while (!stop.IsCancellationRequested && await ClaimAsync(heartbeat, stop))
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
        try
        {
            var held = _claims.Close(request, claimed);
            Deliver(held);

            if (held.Count < request.Max || held.Count < request.TypeBudgets.Values.Sum())
            {
                _bell.Ring();
            }
        }
        finally
        {
            _claims.Settled();
        }
    }

    /// <summary>An attempt has ended. Its place of its type is free when its handler has ended as well, which for a fenced one is later.</summary>
    public void Release(FinishedAttempt finished)
    {
        if (finished.StillRuns is { } stillRuns)
        {
            _ = stillRuns.ContinueWith(_ => Release(finished.Held.Job), TaskScheduler.Default);
        }
        else
        {
            Release(finished.Held.Job);
        }
    }

    private void Release(Job job)
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
        _completions.Add(new FinishedAttempt(held, new JobOutcome.HandedBack(), TimeSpan.Zero, Worker: null));
    }

    private TimeSpan NextLook()
    {
        var look = _lookAhead.IsOn ? LookAhead.MaxWait : SafetyPoll;

        return _isolation.PatienceLeft is { } left && left < look ? left > MinPause ? left : MinPause : look;
    }

    /// <summary>One claim; true when another may bring more.</summary>
    private async Task<bool> ClaimAsync(Heartbeat heartbeat, CancellationToken stop)
    {
        if (!await _suspects.HaveTheFloorAsync(stop))
        {
            return await ClaimBesideOthersAsync(heartbeat);
        }

        if (await _suspects.ClaimAsync(stop) is { } suspect)
        {
            Deliver([suspect]);
        }

        heartbeat.Beat();

        return !_isolation.IsClosed;
    }

    private async Task<bool> ClaimBesideOthersAsync(Heartbeat heartbeat)
    {
        var begun = _lookAhead.Claim();

        if (_claims.Open(MaxClaim) is not { } request)
        {
            return false;
        }

        _bell.Answer();
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

        _lookAhead.Claimed(begun);
        heartbeat.Beat();

        if (claimed.Count < request.Max)
        {
            // Nothing else to do is the moment for a job that must run alone.
            return claimed.Count == 0 && _isolation.TryCloseEmpty();
        }

        _bell.MoreMayWait();
        return true;
    }
}
