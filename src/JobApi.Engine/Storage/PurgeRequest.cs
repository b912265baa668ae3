using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage;

/// <summary>A round of retention.</summary>
/// <param name="Now">The moment.</param>
/// <param name="Bounds">How much finished jobs may keep; one is met after the other, in this order.</param>
/// <param name="Max">The most jobs to delete in this call.</param>
public sealed record PurgeRequest(DateTimeOffset Now, IReadOnlyList<ByteBound> Bounds, int Max);

/// <summary>The most bytes (<see cref="JobSize"/>) that finished jobs of one kind may keep; beyond it those of them that ended longest ago go.</summary>
/// <param name="MaxBytes">The bound.</param>
/// <param name="Type">Jobs of this type; of all types when null.</param>
/// <param name="State">Jobs that ended so; however they ended when null.</param>
public sealed record ByteBound(long MaxBytes, string? Type = null, JobState? State = null)
{
    /// <summary>Whether jobs of this type that ended so are bounded by this.</summary>
    public bool Covers(string type, JobState ended) => (Type is null || Type == type) && (State is null || State == ended);
}
