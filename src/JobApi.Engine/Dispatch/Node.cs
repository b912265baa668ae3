namespace JobApi.Engine.Dispatch;

/// <summary>This process, as the store sees it. The name is random for every start, so a restarted process never takes itself for its predecessor.</summary>
/// <param name="Name">What claims are made under.</param>
internal sealed record Node(string Name)
{
    /// <summary>A name for this start: the machine's, for people, and 32 random bits.</summary>
    public static Node Random() => new($"{Environment.MachineName.ToLowerInvariant()}-{Guid.NewGuid().ToString("N")[..8]}");
}
