using JobApi.Engine.Storage;

namespace JobApi.Store.Tests.Contract;

/// <summary>A fresh store as a contract sees it: its roles and its end, nothing of its inside.</summary>
public interface IStoreUnderTest : IAsyncDisposable
{
    IJobQueue Queue { get; }

    IJobReader Reader { get; }

    IJobControl Control { get; }

    IJobHistory History { get; }

    IQueueSettings Queues { get; }

    /// <summary>Opens an empty store. Its pauses after lost leases are drawn with a jitter of 0.</summary>
    Task OpenAsync(StoreOptions options);

    /// <summary>Searches find everything that was written before.</summary>
    Task CatchUpAsync();

    /// <summary>Asks for a change that begins and cannot be made: nothing of it remains.</summary>
    Task UndoAsync();

    /// <summary>Ends the process that works on the store and starts the next: what ran is lost, everything else is as it was.</summary>
    /// <param name="now">The moment of the new start.</param>
    /// <param name="crash">Whether the process dies without closing anything.</param>
    Task ReopenAsync(DateTimeOffset now, bool crash);
}
