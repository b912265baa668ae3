using JobApi.Sqlite.Writing;

namespace JobApi.Sqlite;

/// <summary>What tests put in the place of chance and of the disk.</summary>
internal sealed record SqliteSeams
{
    /// <summary>Draws from [0, 1) for the pauses after lost attempts.</summary>
    public Func<double> Jitter { get; init; } = Random.Shared.NextDouble;

    /// <summary>The room on the disk of a folder.</summary>
    public Func<string, long> FreeBytes { get; init; } = folder => new DriveInfo(folder).AvailableFreeSpace;

    /// <summary>After this long without a commit all of the write-ahead log is copied into the data file.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long writes wait for the moment in which they cost less.</summary>
    public Patience Patience { get; init; } = new(ForHands: TimeSpan.FromSeconds(0.5), ForCompany: TimeSpan.FromMilliseconds(1));

    /// <summary>How long the writer waits for another program that holds the file.</summary>
    public TimeSpan ForLocks { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Runs now and then while a backup is copied, on its thread.</summary>
    public Action? WhileCopying { get; init; }

    /// <summary>Runs on the writer's thread when everything but the commit is done.</summary>
    public Action? BeforeCommit { get; init; }
}
