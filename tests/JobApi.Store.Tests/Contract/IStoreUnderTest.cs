using JobApi.Engine.Storage;

namespace JobApi.Store.Tests.Contract;

/// <summary>A fresh store as a contract sees it: its roles and its end, nothing of its inside.</summary>
public interface IStoreUnderTest : IAsyncDisposable
{
    IJobQueue Queue { get; }

    IJobReader Reader { get; }

    IJobControl Control { get; }

    IJobHistory History { get; }

    /// <summary>Opens an empty store. Its pauses after lost leases are drawn with a jitter of 0.</summary>
    Task OpenAsync(StoreOptions options);
}
