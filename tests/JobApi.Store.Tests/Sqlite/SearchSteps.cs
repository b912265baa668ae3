using JobApi.Sqlite;

namespace JobApi.Store.Tests.Sqlite;

internal static class SearchSteps
{
    /// <summary>Has the index follow until nothing is left to do.</summary>
    public static async Task CatchUpAsync(this SqliteJobStore store)
    {
        while (await store.StepAsync(CancellationToken.None) is { IsCaughtUp: false } step)
        {
            Assert.Null(step.Trouble);
        }
    }
}
