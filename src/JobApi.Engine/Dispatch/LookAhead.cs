using JobApi.Engine.Execution;

namespace JobApi.Engine.Dispatch;

/// <summary>Lets claims take hands that are not idle yet, as far as <see cref="Pace"/> says, and takes back what was claimed in vain. Owned by the dispatcher.</summary>
internal sealed class LookAhead(Hands hands, Pace pace, ReadyQueue ready, TimeProvider time)
{
    /// <summary>How long a job that was claimed ahead may wait for a worker before it goes back to the store.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether jobs may be waiting for busy workers.</summary>
    public bool IsOn => hands.Ahead > 0 || ready.Count > 0;

    /// <summary>A claim begins.</summary>
    /// <returns>What <see cref="Claimed"/> is told at its end.</returns>
    public long Claim()
    {
        hands.Ahead = pace.Ahead();
        return time.GetTimestamp();
    }

    /// <summary>The claim has come back.</summary>
    public void Claimed(long begun) => pace.Claimed(time.GetElapsedTime(begun));

    /// <summary>Nobody rang. Where jobs are stored already claimed, nobody has to; where nothing ends either, nothing has to be ahead of it.</summary>
    public void Look() => hands.Ahead = pace.IsLively ? pace.Ahead() : 0;

    /// <summary>Jobs that were claimed ahead and find every worker busy with something long: they are better off in the store.</summary>
    public IReadOnlyList<HeldJob> TakeBack()
    {
        if (ready.StuckFor is var waited && waited < MaxWait)
        {
            return [];
        }

        pace.Stalled(waited);
        hands.Ahead = 0;

        return ready.TakeBack();
    }
}
