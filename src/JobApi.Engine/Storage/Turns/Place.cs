using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage.Turns;

/// <summary>Where a waiting job stands within its lane.</summary>
/// <param name="Priority">Higher goes first.</param>
/// <param name="DueTicks">Then what has been due longer.</param>
/// <param name="Sequence">Then what came first. No two jobs share it.</param>
/// <param name="ExpiryTicks">The moment, in ticks, from which it must not start any more.</param>
public readonly record struct Place(int Priority, long DueTicks, long Sequence, long ExpiryTicks) : IComparable<Place>
{
    /// <summary>The place of a waiting job.</summary>
    public static Place Of(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return new(job.Spec.Priority, job.RunAt.UtcTicks, job.Sequence, JobLifecycle.ExpiresAt(job)?.UtcTicks ?? long.MaxValue);
    }

    /// <inheritdoc />
    public int CompareTo(Place other) =>
        other.Priority.CompareTo(Priority) is var byPriority and not 0 ? byPriority :
        DueTicks.CompareTo(other.DueTicks) is var byDue and not 0 ? byDue :
        Sequence.CompareTo(other.Sequence);

    /// <summary>Whether it stands before another.</summary>
    public static bool operator <(Place one, Place other) => one.CompareTo(other) < 0;

    /// <summary>Whether it stands behind another.</summary>
    public static bool operator >(Place one, Place other) => one.CompareTo(other) > 0;

    /// <summary>Whether it does not stand behind another.</summary>
    public static bool operator <=(Place one, Place other) => one.CompareTo(other) <= 0;

    /// <summary>Whether it does not stand before another.</summary>
    public static bool operator >=(Place one, Place other) => one.CompareTo(other) >= 0;
}
