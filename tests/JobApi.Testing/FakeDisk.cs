using JobApi.Engine.Diagnostics;

namespace JobApi.Testing;

/// <summary>A disk with as much room as the test says.</summary>
public sealed class FakeDisk : IDiskProbe
{
    private long _free = long.MaxValue;

    /// <summary>Bytes it says are free.</summary>
    public long Free
    {
        get => Volatile.Read(ref _free);
        set => Volatile.Write(ref _free, value);
    }

    /// <summary>The only folder on it; all others have room without end. Every folder when absent.</summary>
    public string? Only { get; init; }

    /// <summary>Whether it fails instead of answering.</summary>
    public bool IsSilent { get; set; }

    /// <inheritdoc />
    public long FreeBytes(string folder) => IsSilent ? throw new IOException("The disk does not answer.") : Only is null || Only == folder ? Free : long.MaxValue;
}
