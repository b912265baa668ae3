namespace JobApi.Engine.Storage;

/// <summary>
/// Hands offered with submissions. They are taken when the store comes to store the jobs and not before: while a submission waits for its turn to be
/// written, nobody is kept waiting for hands that it holds.
/// </summary>
/// <param name="take">Takes the hands; null when there are none. It is called on the thread that stores, so it must be quick and must not wait.</param>
/// <param name="giveBack">Gives back what was taken and not used.</param>
public sealed class ClaimOffer(Func<ClaimRequest?> take, Action<ClaimRequest> giveBack)
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
