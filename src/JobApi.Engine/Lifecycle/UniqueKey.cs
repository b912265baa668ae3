namespace JobApi.Engine.Lifecycle;

/// <summary>What becomes of a submission whose unique key another job holds.</summary>
public enum UniqueConflict
{
    /// <summary>It is refused.</summary>
    Reject,

    /// <summary>The job that holds the key takes its place.</summary>
    Return,
}

/// <summary>A key that at most one job at a time holds: from its submission until it has ended.</summary>
/// <param name="Key">1 to 255 characters; it stands for itself, across types and queues.</param>
/// <param name="OnConflict">What becomes of a submission while another job holds the key.</param>
public sealed record UniqueKey(string Key, UniqueConflict OnConflict);
