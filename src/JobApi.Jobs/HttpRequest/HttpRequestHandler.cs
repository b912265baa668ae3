using System.Net.Http.Headers;
using JobApi.Engine.Execution;
using JobApi.Engine.Files;
using JobApi.Jobs.Safety;
using Microsoft.Extensions.Options;

namespace JobApi.Jobs.HttpRequest;

/// <summary>Sends a request and keeps the answer.</summary>
internal sealed class HttpRequestHandler(GuardedClient client, IFileStore files, IOptions<HttpRequestOptions> options)
    : IJobHandler<HttpRequestPayload, HttpRequestResult>
{
    public Task<Attempt<HttpRequestResult>> HandleAsync(HttpRequestPayload payload, JobContext context, CancellationToken cancellationToken) =>
        client.SendAsync<HttpRequestResult>(payload.ToRequest(context.JobId), async (response, token) => await response.ReadFailureAsync(token) switch
        {
            { } failure => failure,
            null when payload.SaveToFile => await SaveAsync(response, token),
            null => await ReadTextAsync(response, token),
        }, cancellationToken);

    private async Task<Attempt<HttpRequestResult>> SaveAsync(OutboundResponse response, CancellationToken cancellationToken)
    {
        var description = new FileDescription(response.BodyHeaders.ContentType?.MediaType ?? FileDescription.UnknownMediaType, FileNames.Of(response.Url));
        await using var body = await response.OpenAsync(options.Value.MaxFileBytes, cancellationToken);

        try
        {
            var file = await files.SaveAsync(body, description, options.Value.MaxFileBytes, cancellationToken);
            return new HttpRequestResult((int)response.Status, HeadersOf(response), null, new FileReference(file.Id), file.Bytes, Truncated: false);
        }
        catch (FileTooLargeException exception)
        {
            // The bound of all files may be the narrower one.
            return OutboundFailures.TooLarge(exception.Message);
        }
    }

    private async Task<HttpRequestResult> ReadTextAsync(OutboundResponse response, CancellationToken cancellationToken)
    {
        var body = await ResponseText.ReadAsync(response, options.Value.MaxTextBytes, cancellationToken);
        return new HttpRequestResult((int)response.Status, HeadersOf(response), body.Text, null, body.Bytes, body.Truncated);
    }

    private static SortedDictionary<string, string> HeadersOf(OutboundResponse response)
    {
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal);

        foreach (var (name, values) in response.Headers.NonValidated.Concat<KeyValuePair<string, HeaderStringValues>>(response.BodyHeaders.NonValidated))
        {
            headers[name.ToLowerInvariant()] = string.Join(", ", values);
        }

        return headers;
    }
}
