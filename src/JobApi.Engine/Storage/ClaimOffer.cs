namespace JobApi.Engine.Storage;

/// <summary>
/// Hands offered with submissions. They are taken when the store comes to store the jobs and not before: while a submission waits for its turn to be
/// written, nobody is kept waiting for hands that it holds.
/// </summary>
/// <param name="take">Takes the hands; null when there are none. It is called on the thread that stores, so it must be quick and must not wait.</param>
/// <param name="giveBack">Gives back what was taken and not used.</param>
/// <param name="outlook">Says how many hands there are, and calls back when that changes; nothing is known when absent. As quick as the taking.</param>
public sealed class ClaimOffer(Func<ClaimRequest?> take, Action<ClaimRequest> giveBack, Func<int, Action, HandsOutlook>? outlook = null)
{
    private bool _isTaken;

    /// <summary>What was taken; null when nothing was, or it was declined.</summary>
    public ClaimRequest? Taken { get; private set; }

    /// <summary>Takes the hands, once however often it is called; null when there are none.</summary>
    public ClaimRequest? Take()
    {
        if (!_isTaken)
        {
            (_isTaken, Taken) = (true, take());
        }

        return Taken;
    }

    /// <summary>How many hands there are, before any is taken.</summary>
    /// <param name="wanted">How many would do.</param>
    /// <param name="changed">
    /// Called, once, when so many are free, should they not be now, and when it makes no sense any more to wait. Only the latest call is remembered, until hands are taken. It must be quick and must not wait.
    /// </param>
    public HandsOutlook Outlook(int wanted, Action changed) => outlook?.Invoke(wanted, changed) ?? default;

    /// <summary>None of the jobs can have them: they are free again at once, and not only when the write is over.</summary>
    public void Decline()
    {
        if (Taken is { } unused)
        {
            (_isTaken, Taken) = (false, null);
            giveBack(unused);
        }
    }
}
