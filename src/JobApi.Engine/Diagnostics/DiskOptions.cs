using System.ComponentModel.DataAnnotations;

namespace JobApi.Engine.Diagnostics;

/// <summary>How much room has to be left on the disks that the server writes to.</summary>
public sealed class DiskOptions
{
    /// <summary>
    /// The free-space floor in bytes: below it nothing new is taken in, so that what is stored can go on and end; 0 to 1 TiB, 0 for none.
    /// Default 256 MiB.
    /// </summary>
    [Range(0, 1L << 40)]
    public long MinFreeBytes { get; set; } = 256L << 20;
}
