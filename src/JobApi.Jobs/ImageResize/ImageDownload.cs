using System.Net;
using JobApi.Engine.Execution;
using JobApi.Jobs.Safety;
using Microsoft.Extensions.Options;

namespace JobApi.Jobs.ImageResize;

/// <summary>
/// Fetches images through the guarded client, to disk: several at a time must not fill the memory. Nor must they fill the disk, which in a container may be memory too: each has a place from before it
/// is fetched until it is let go of, and there are <see cref="ImageResizeOptions.MaxDownloads"/>.
/// </summary>
internal sealed class ImageDownload(IOptions<ImageResizeOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _free = new(options.Value.MaxDownloads);

    /// <summary>Waits for a place and fetches an image; the place is free again when the image is disposed of.</summary>
    public async Task<Attempt<ImageSource>> FetchAsync(GuardedClient client, Uri url, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        Attempt<ImageSource>? fetched = null;

        try
        {
            return fetched = await client.SendAsync<ImageSource>(new OutboundRequest(HttpMethod.Get, url), async (response, token) => await response.ReadFailureAsync(token) switch
            {
                { } failure => failure,
                null when response.Status != HttpStatusCode.OK => ImageFailures.NotFetched(url, (int)response.Status),
                null => await SaveAsync(response, token),
            }, cancellationToken);
        }
        finally
        {
            if (fetched?.Result is null)
            {
                _free.Release();
            }
        }
    }

    public void Dispose() => _free.Dispose();

    private async Task<ImageSource> SaveAsync(OutboundResponse response, CancellationToken cancellationToken)
    {
        var content = TempFile.Create();

        try
        {
            await using var body = await response.OpenAsync(options.Value.MaxInputBytes, cancellationToken);
            await body.CopyToAsync(content, cancellationToken);
            content.Position = 0;
            return new ImageSource(content, FileNames.Of(response.Url), _free);
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }
}

/// <summary>An image's bytes, seekable, their name for people, and the places of which they hold one, if any.</summary>
internal sealed record ImageSource(Stream Content, string? Name, SemaphoreSlim? Places = null) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Content.DisposeAsync();
        }
        finally
        {
            Places?.Release();
        }
    }
}
