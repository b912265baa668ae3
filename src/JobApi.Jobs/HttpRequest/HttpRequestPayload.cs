using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using JobApi.Engine.Files;
using JobApi.Jobs.Safety;

namespace JobApi.Jobs.HttpRequest;

/// <param name="Url">Where to; http or https.</param>
/// <param name="Method">The method; GET when absent.</param>
/// <param name="Headers">Headers by name.</param>
/// <param name="Body">A string is sent as text, anything else as JSON.</param>
/// <param name="SaveToFile">Store the response's body as a file instead of returning it as text.</param>
internal sealed record HttpRequestPayload(
    Uri Url, string Method = "GET", IReadOnlyDictionary<string, string>? Headers = null, JsonElement? Body = null, bool SaveToFile = false)
{
    private const string ContentType = "Content-Type";
    private const string IdempotencyKey = "Idempotency-Key";

    /// <summary>The request to send. A method that changes something gets the job's id as its idempotency key unless the caller chose one: the attempt may be repeated.</summary>
    public OutboundRequest ToRequest(Guid jobId)
    {
        var method = HttpMethod.Parse(Method.ToUpperInvariant());
        var headers = new Dictionary<string, string>(Headers ?? new Dictionary<string, string>(), StringComparer.OrdinalIgnoreCase);

        if (Body is { } body)
        {
            headers.TryAdd(ContentType, body.ValueKind == JsonValueKind.String ? "text/plain; charset=utf-8" : "application/json");
        }

        if (method != HttpMethod.Get && method != HttpMethod.Head && method != HttpMethod.Options)
        {
            headers.TryAdd(IdempotencyKey, jobId.ToString());
        }

        return new OutboundRequest(method, Url) { Headers = headers, Body = Body is { } content ? Bytes(content) : null };
    }

    private static ReadOnlyMemory<byte> Bytes(JsonElement body) =>
        body.ValueKind == JsonValueKind.String ? Encoding.UTF8.GetBytes(body.GetString()!) : JsonMarshal.GetRawUtf8Value(body).ToArray();
}

/// <param name="Status">The status of the final response.</param>
/// <param name="Headers">Its headers by lower-case name; repeated ones are joined by a comma.</param>
/// <param name="Body">Its body, where that is text and no file was asked for.</param>
/// <param name="File">The stored body, where that was asked for.</param>
/// <param name="Bytes">How many bytes of the body were read, after decompression.</param>
/// <param name="Truncated">The body is longer than what was read.</param>
internal sealed record HttpRequestResult(
    int Status, IReadOnlyDictionary<string, string> Headers, string? Body, FileReference? File, long Bytes, bool Truncated);
