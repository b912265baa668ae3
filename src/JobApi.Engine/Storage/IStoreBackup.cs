namespace JobApi.Engine.Storage;

/// <summary>A store that can be copied while it works.</summary>
public interface IStoreBackup
{
    /// <summary>Copies the store as it stands at one moment, with everything that was answered before the call; writes go on meanwhile.</summary>
    /// <param name="path">The file to make. On the disk when this returns; incomplete when it throws.</param>
    /// <param name="cancellationToken">Gives up before the copy has begun.</param>
    /// <exception cref="CopyGivenUpException">Going on with it would have cost the store too much.</exception>
    /// <exception cref="IOException">There is no room, or the disk failed.</exception>
    Task<StoreCopy> CopyAsync(string path, CancellationToken cancellationToken);
}

/// <summary>What is in a copy of a store.</summary>
/// <param name="Counts">Its jobs.</param>
/// <param name="Files">The stored files that they name.</param>
public sealed record StoreCopy(JobCounts Counts, IReadOnlyList<Guid> Files);

/// <summary>A copy that was not finished, because what it kept from being tidied up grew too large. Nothing is wrong with the store; the message says what is to be done.</summary>
public sealed class CopyGivenUpException : IOException
{
    public CopyGivenUpException()
    {
    }

    public CopyGivenUpException(string message)
        : base(message)
    {
    }

    public CopyGivenUpException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
