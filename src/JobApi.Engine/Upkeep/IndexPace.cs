using JobApi.Engine.Storage.Searching;

namespace JobApi.Engine.Upkeep;

/// <summary>How long the indexer rests after a step. It gives way to everybody: search may be late, an answer may not.</summary>
internal static class IndexPace
{
    /// <summary>Between two looks when there was nothing to do.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(250);

    /// <summary>After trouble: a disk that is full or broken is not asked all the time.</summary>
    public static readonly TimeSpan Troubled = TimeSpan.FromSeconds(5);

    /// <param name="step">What became of it.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="busyShare">The part of the time that is the indexer's while others write.</param>
    public static TimeSpan After(IndexStep step, TimeSpan took, double busyShare)
    {
        if (step.Trouble is not null)
        {
            return Troubled;
        }

        var share = step.IsBusy ? took * (1 / busyShare - 1) : TimeSpan.Zero;

        return step.IsCaughtUp && share < Idle ? Idle : share;
    }
}
