using JobApi.Engine.Storage;

namespace JobApi.Engine.Tests.Support;

/// <summary>What a store says that has no room now.</summary>
internal sealed class FullStoreException : StoreException
{
    public FullStoreException()
        : base("The disk is full: nothing was stored.") => IsPassing = true;
}
