namespace JobApi.Engine.Workers;

/// <summary>
/// Decides the size of the pool: a pure function of how many jobs could be claimed, how many workers there are, and how long ago
/// the size last changed.
/// </summary>
public static class PoolScaler
{
    /// <summary>The size the pool should have now.</summary>
    /// <param name="claimable">Jobs that are due and that no worker has: in the store and on the way to a worker.</param>
    /// <param name="size">Workers now.</param>
    /// <param name="sinceLastStep">How long ago the scaler last changed the size; as long as you like if never.</param>
    /// <param name="options">Bounds, thresholds and cool-downs.</param>
    public static int Decide(long claimable, int size, TimeSpan sinceLastStep, WorkerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);

        var wanted = size;

        if (claimable > options.ScaleUpAbove * options.ScaleQueueCapacity && sinceLastStep >= options.ScaleUpCooldown)
        {
            wanted = size + options.ScaleStep;
        }
        else if (claimable < options.ScaleDownBelow * options.ScaleQueueCapacity && sinceLastStep >= options.ScaleDownCooldown)
        {
            wanted = size - options.ScaleStep;
        }

        return Math.Clamp(wanted, options.MinWorkers, options.MaxWorkers);
    }
}
