using JobApi.Engine.Completion;
using JobApi.Engine.Diagnostics;
using JobApi.Engine.Events;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Results;
using JobApi.Engine.Storage;

namespace JobApi.Engine.Dispatch;

/// <summary>Claims jobs for idle hands: exactly as many as there are, as soon as there are both.</summary>
internal sealed class Dispatcher : IEngineLoop
{
    /// <summary>Jobs claimed in one call at the most.</summary>
    private const int MaxClaim = 100;

    /// <summary>The look without a bell: on a shared store another node's bell can be lost.</summary>
    private static readonly TimeSpan SafetyPoll = TimeSpan.FromSeconds(5);

    private readonly IJobQueue _store;
    private readonly Doorbell _bell;
    private readonly Claims _claims;
    private readonly ReadyQueue _ready;
    private readonly TypeLimits _limits;
    private readonly CompletionBuffer _completions;
    private readonly ResultsStore _results;
    private readonly JobEvents _events;

    public Dispatcher(
        IJobQueue store, Doorbell bell, Claims claims, ReadyQueue ready, TypeLimits limits, CompletionBuffer completions, ResultsStore results, JobEvents events)
    {
        (_store, _bell, _claims, _ready) = (store, bell, claims, ready);
        (_limits, _completions, _results, _events) = (limits, completions, results, events);
        ready.OnIdle = bell.HandIdle;
    }

    public string Name => "dispatcher";

    public async Task RunAsync(Heartbeat heartbeat, CancellationToken stop)
    {
        // Whatever waits from before this start has rung no bell.
        _bell.Ring();

        while (true)
        {
            if (!await heartbeat.RestUntilAsync(_bell.WaitAsync(SafetyPoll, stop)))
            {
                _bell.MoreMayWait();
            }

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
        _claims.Settled();

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

    /// <summary>One claim; true when another may bring more.</summary>
    private async Task<bool> ClaimAsync()
    {
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

        if (claimed.Count < request.Max)
        {
            return false;
        }

        _bell.MoreMayWait();
        return true;
    }
}
