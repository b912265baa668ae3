namespace JobApi.Engine.Storage;

/// <summary>What an answered write survives.</summary>
public enum Durability
{
    /// <summary>Nothing: it is gone with the process.</summary>
    Memory,

    /// <summary>A crash of the process and of the machine: the fsync that covers it has returned.</summary>
    Fsync,

    /// <summary>The loss of a machine: a synchronous replica has it.</summary>
    Replicated,
}

/// <summary>What the engine must know of the store it runs on.</summary>
/// <param name="Name">The store's name in logs and metrics.</param>
/// <param name="Durability">What an answered write survives.</param>
/// <param name="IsShared">
/// Whether other processes work on the same jobs. If not, no lease ever expires while its process lives, and claims are made
/// without an end.
/// </param>
public sealed record StoreTraits(string Name, Durability Durability, bool IsShared);
