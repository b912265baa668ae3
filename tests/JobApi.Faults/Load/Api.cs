using System.Net;
using System.Text;
using System.Text.Json;
using JobApi.Faults.Checking;

namespace JobApi.Faults.Load;

/// <summary>The server's API as a client sees it: nothing here throws for what a server can do.</summary>
internal static class Api
{
    /// <summary>How long a client waits for an answer; after that the outcome is unknown.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Sends a request. A reset, a refused connection and a time-out give no reply.</summary>
    public static async Task<Reply> SendAsync(HttpClient server, HttpMethod method, string path, string? body, string? key, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var request = new HttpRequestMessage(method, path);

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        try
        {
            using var response = await server.SendAsync(request, patience.Token);
            var bytes = await response.Content.ReadAsByteArrayAsync(patience.Token);

            return new Reply((int)response.StatusCode, bytes.Length == 0 ? default : JsonElement.Parse(bytes));
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or ObjectDisposedException or JsonException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new Reply(null, default) { Why = exception.GetType().Name };
        }
    }

    public static Task<Reply> GetAsync(HttpClient server, string path, CancellationToken cancellationToken) =>
        SendAsync(server, HttpMethod.Get, path, null, null, cancellationToken);
}

/// <summary>What came back.</summary>
/// <param name="Status">The status; null when nothing came.</param>
/// <param name="Body">The body.</param>
internal readonly record struct Reply(int? Status, JsonElement Body)
{
    /// <summary>Why nothing came.</summary>
    public string? Why { get; init; }

    /// <summary>What it says about the request.</summary>
    public Answer Answer => Status switch
    {
        >= 200 and < 300 => Answer.Ok,
        >= 400 and < 500 => Answer.Refused,
        (int)HttpStatusCode.ServiceUnavailable when Text("outcome") == "not_accepted" => Answer.Refused,
        _ => Answer.Unknown,
    };

    /// <summary>The reply in words.</summary>
    public string Detail => $"{Status?.ToString() ?? Why} {Text("type") ?? Text("state")}";

    /// <summary>A member of the body that is a string.</summary>
    public string? Text(string name) => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty(name, out var value) ? value.GetString() : null;
}
