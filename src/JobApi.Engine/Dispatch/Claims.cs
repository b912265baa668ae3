using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using Microsoft.Extensions.Options;

namespace JobApi.Engine.Dispatch;

/// <summary>
/// Words the node's claims and takes in what they bring: the hands and places a claim may use are taken before it is made, and
/// what it did not use is given back.
/// </summary>
internal sealed class Claims(
    Hands hands, Isolation isolation, TypeLimits limits, HandlerRegistry handlers, HeldJobs heldJobs, Node node, StoreTraits traits, Doorbell bell, IOptions<LeaseOptions> lease, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Guarded by the gate: claims that submissions make, and whether more may be made.
    private int _unsettled;
    private bool _stopped;

    /// <summary>Takes hands for a claim of any type; null when no hand is idle, or a suspect has the node to itself.</summary>
    public ClaimRequest? Open(int max) => TakeHands(max) is > 0 and var taken ? Word(taken, limits.TakeAll(taken)) : null;

    /// <summary>Takes a hand for a suspect; null when no hand is idle.</summary>
    public ClaimRequest? OpenForSuspect() => hands.Take(1) is 1 ? Word(1, limits.TakeAll(1)) with { IsForSuspect = true } : null;

    /// <summary>
    /// Takes hands for new jobs; null when no hand is idle, their type is at its limit, a suspect has the node to itself or the node stops.
    /// Who got one calls <see cref="Settled"/> when the jobs it brought are on their way.
    /// </summary>
    /// <param name="type">Their type; null when they are of several.</param>
    /// <param name="count">How many there are.</param>
    public ClaimRequest? OpenFor(string? type, int count)
    {
        // Whoever waited for hands takes them now, or does without.
        hands.Unwatch();

        lock (_gate)
        {
            if (_stopped || TakeFor(type, count) is not { } request)
            {
                return null;
            }

            _unsettled++;
            return request;
        }
    }

    /// <summary>What <see cref="OpenFor"/> can expect for so many jobs of a type, as <see cref="Hands.Watch"/> says. It takes no lock that is held while somebody is called back.</summary>
    public HandsOutlook OutlookFor(string? type, int wanted, Action changed)
    {
        if (type is null || limits.IsLimited(type))
        {
            return default;
        }

        // In this order: a stop or a closing that is not seen here finds the watcher and calls it.
        var outlook = hands.Watch(wanted, changed);

        return Volatile.Read(ref _stopped) || isolation.IsClosed ? default : outlook;
    }

    /// <summary>A claim made by <see cref="OpenFor"/> has ended, and what it brought was delivered or handed back.</summary>
    public void Settled()
    {
        lock (_gate)
        {
            _unsettled--;
            EndIfSettled();
        }
    }

    /// <summary>
    /// Lets submissions make no further claims. Ends when those under way are settled: a job that is stored as claimed and never handed back
    /// would be taken for a crash at the next start.
    /// </summary>
    public Task StopAsync()
    {
        lock (_gate)
        {
            _stopped = true;
            EndIfSettled();
        }

        hands.CallWatcher();

        return _settled.Task;
    }

    private void EndIfSettled()
    {
        if (_stopped && _unsettled == 0)
        {
            _settled.TrySetResult();
        }
    }

    private ClaimRequest? TakeFor(string? type, int count)
    {
        var taken = TakeHands(count);

        if (taken == 0)
        {
            return null;
        }

        if (type is null)
        {
            return Word(taken, limits.TakeAll(taken));
        }

        var budget = limits.Take(type, taken);

        if (budget.TryGetValue(type, out var places) && places == 0)
        {
            hands.Return(taken);
            isolation.Leave();

            // The dispatcher may have come for them meanwhile, on behalf of a job of another type, and gone back to rest.
            bell.HandIdle();
            return null;
        }

        return Word(taken, budget);
    }

    /// <summary>Gives back what a claim did not use, and registers what it brought.</summary>
    public IReadOnlyList<HeldJob> Close(ClaimRequest request, IEnumerable<Job> claimed)
    {
        var held = new List<HeldJob>();

        foreach (var job in claimed)
        {
            held.Add(heldJobs.Add(job));
        }

        foreach (var (type, taken) in request.TypeBudgets)
        {
            limits.Settle(type, taken, held.Count(one => one.Job.Type == type));
        }

        hands.Return(request.Max - held.Count);

        if (!request.IsForSuspect)
        {
            // Only now: what the claim brought is held, so nobody takes the node for empty in between.
            isolation.Leave();
        }

        return held;
    }

    private int TakeHands(int max)
    {
        if (!isolation.TryEnter())
        {
            return 0;
        }

        var taken = hands.Take(max);

        if (taken == 0)
        {
            isolation.Leave();
        }

        return taken;
    }

    private ClaimRequest Word(int max, IReadOnlyDictionary<string, int> budgets)
    {
        var now = time.GetUtcNow();

        return new ClaimRequest
        {
            Max = max,
            Node = node.Name,
            Now = now,
            LeaseExpiresAt = traits.IsShared ? now + lease.Value.Duration : DateTimeOffset.MaxValue,
            Types = handlers.Names,
            TypeBudgets = budgets,
        };
    }
}
