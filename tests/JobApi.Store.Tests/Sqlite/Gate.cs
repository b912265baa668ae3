namespace JobApi.Store.Tests.Sqlite;

/// <summary>A gate just before the commit: open until it is closed, and then the writer waits there.</summary>
internal sealed class Gate : IDisposable
{
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The writer stands before the gate.</summary>
    public Task Reached => _reached.Task;

    public void Pass()
    {
        if (!_open.IsSet)
        {
            _reached.TrySetResult();
        }

        Assert.True(_open.Wait(TimeSpan.FromSeconds(60)), "Nobody opened the gate.");
    }

    public void Close() => _open.Reset();

    public void Open() => _open.Set();

    public void Dispose() => _open.Dispose();
}
