namespace JobApi.Engine.Lifecycle;

/// <summary>A cancellation as it was asked for.</summary>
/// <param name="By">Who asks.</param>
/// <param name="Reason">Why, in the words of whoever asks.</param>
public sealed record Cancellation(Canceler By, string? Reason = null);

/// <summary>Who asked for a cancellation, as far as the server can tell: it knows no users.</summary>
/// <param name="By">The way it came, in one lower-case word; more may come.</param>
/// <param name="Address">The remote address of the request that asked; null when it was no request.</param>
public sealed record Canceler(string By, string? Address = null)
{
    /// <summary>The clock: the job had not started by its <see cref="JobSpec.ExpiresAt"/>.</summary>
    public static Canceler Expiry { get; } = new("expiry");
}
