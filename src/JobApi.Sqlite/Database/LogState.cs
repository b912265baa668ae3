namespace JobApi.Sqlite.Database;

/// <summary>What a checkpoint found and did.</summary>
/// <param name="IsBusy">Somebody kept it from going as far as it was told to.</param>
/// <param name="Pages">Pages in the write-ahead log; 0 when it was cut.</param>
/// <param name="Copied">How many of them are in the data file.</param>
internal readonly record struct LogState(bool IsBusy, long Pages, long Copied)
{
    /// <summary>Whether the data file has everything.</summary>
    public bool IsWhole => !IsBusy && Pages == Copied;
}
