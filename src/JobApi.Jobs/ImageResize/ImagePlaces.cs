namespace JobApi.Jobs.ImageResize;

/// <summary>
/// As many images are worked on at a time as there are processors. A place is taken when there is something to compute, not while a source is fetched,
/// and given back when the computing has really ended, also by a handler that was fenced off.
/// </summary>
internal sealed class ImagePlaces : IDisposable
{
    private readonly SemaphoreSlim _free = new(Environment.ProcessorCount);

    /// <summary>Waits for a place; dispose of the answer to give it back.</summary>
    public async Task<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        return new Place(_free);
    }

    public void Dispose() => _free.Dispose();

    private sealed class Place(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
