using System.Net;
using JobApi.Engine.Execution;
using JobApi.Jobs.Safety;
using Microsoft.Extensions.Options;

namespace JobApi.Jobs.ImageResize;

/// <summary>Fetches images through the guarded client, to disk: several at a time must not fill the memory.</summary>
internal sealed class ImageDownload(GuardedClient client, IOptions<ImageResizeOptions> options)
{
    public Task<Attempt<ImageSource>> FetchAsync(Uri url, CancellationToken cancellationToken) =>
        client.SendAsync<ImageSource>(new OutboundRequest(HttpMethod.Get, url), async (response, token) => await response.ReadFailureAsync(token) switch
        {
            { } failure => failure,
            null when response.Status != HttpStatusCode.OK => ImageFailures.NotFetched(url, (int)response.Status),
            null => await SaveAsync(response, token),
        }, cancellationToken);

    private async Task<ImageSource> SaveAsync(OutboundResponse response, CancellationToken cancellationToken)
    {
        var content = TempFile.Create();

        try
        {
            await using var body = await response.OpenAsync(options.Value.MaxInputBytes, cancellationToken);
            await body.CopyToAsync(content, cancellationToken);
            content.Position = 0;
            return new ImageSource(content, FileNames.Of(response.Url));
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }
}

/// <summary>An image's bytes, seekable, and their name for people.</summary>
internal sealed record ImageSource(Stream Content, string? Name) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
