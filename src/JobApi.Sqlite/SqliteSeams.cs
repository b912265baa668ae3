namespace JobApi.Sqlite;

/// <summary>What tests put in the place of chance and of the disk.</summary>
internal sealed record SqliteSeams
{
    /// <summary>Draws from [0, 1) for the pauses after lost attempts.</summary>
    public Func<double> Jitter { get; init; } = Random.Shared.NextDouble;

    /// <summary>Runs on the writer's thread when everything but the commit is done.</summary>
    public Action? BeforeCommit { get; init; }
}
