using System.ComponentModel.DataAnnotations;
using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage;

/// <summary>Bounds that every store keeps.</summary>
public sealed class StoreOptions
{
    /// <summary>Unfinished jobs the store accepts before submissions are refused as full; 1 to 1,000,000,000. Default 100,000.</summary>
    [Range(1, 1_000_000_000)]
    public long MaxBacklog { get; set; } = 100_000;

    /// <summary>
    /// Bytes that they, and idempotency keys, may take in a store in memory before submissions are refused as full; 1 KiB to 1 TiB. Default 1 GiB.
    /// </summary>
    [Range(1L << 10, 1L << 40)]
    public long MaxBacklogBytes { get; set; } = 1L << 30;

    /// <summary>Deleted ids that are remembered, so that a late look-up says 410 and not 404; 0 to 10,000,000. Default 100,000.</summary>
    [Range(0, 10_000_000)]
    public int MaxTombstones { get; set; } = 100_000;

    /// <summary>Log lines kept of one job; 0 to 100,000. Default 1,000.</summary>
    [Range(0, 100_000)]
    public int MaxLogLines { get; set; } = 1_000;

    /// <summary>How long finished jobs are kept.</summary>
    public RetentionPolicy Retention { get; set; } = RetentionPolicy.Default;
}
