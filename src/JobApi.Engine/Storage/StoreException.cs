namespace JobApi.Engine.Storage;

/// <summary>What a store throws when it could not do what it was asked to.</summary>
/// <param name="message">What is wrong, in words for whoever runs the server.</param>
/// <param name="cause">What lies behind it.</param>
public abstract class StoreException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether the store has stopped for good: it takes nothing more until the next start, so nothing is tried again and the process ends.</summary>
    public bool IsFinal { get; init; }

    /// <summary>
    /// Whether the store cannot write now, through no fault of what was to be written: it has no room, or somebody else holds its file. It changed nothing, and takes the same again as soon as that has passed,
    /// however long it takes.
    /// </summary>
    public bool IsPassing { get; init; }
}
