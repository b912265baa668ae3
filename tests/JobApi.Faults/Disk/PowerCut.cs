namespace JobApi.Faults.Disk;

/// <summary>What becomes of bytes and names that were not durable when the power failed.</summary>
internal abstract record PowerCut
{
    private PowerCut()
    {
    }

    /// <summary>All of them are gone.</summary>
    public sealed record DropUnsynced : PowerCut;

    /// <summary>
    /// Of each file any sectors may have reached the disk, in any order, and its old or its new length; names are all old or all new, because file systems
    /// write those in order.
    /// </summary>
    /// <param name="Seed">The same seed and state give the same disk.</param>
    public sealed record Mixed(int Seed) : PowerCut;
}
