using System.Net.Http.Json;
using System.Text.Json;

namespace JobApi.Benchmarks;

/// <summary>The few calls the measures make, over the public HTTP interface and nothing else.</summary>
internal static class Wire
{
    /// <summary>Submits a job and returns its body; with a wait, usually the finished one.</summary>
    public static async Task<JsonElement> SubmitAsync(this HttpClient client, string type, object payload, int waitSeconds = 0, int priority = 0)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/jobs") { Content = JsonContent.Create(new { type, payload, priority }) };

        if (waitSeconds > 0)
        {
            request.Headers.Add("Prefer", $"wait={waitSeconds}");
        }

        using var response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Reads a job, waiting for its end.</summary>
    public static Task<JsonElement> EndOfAsync(this HttpClient client, JsonElement job) =>
        client.GetFromJsonAsync<JsonElement>($"/jobs/{job.GetProperty("id").GetString()}?wait=60");

    /// <summary>Stores bytes and returns the file's id.</summary>
    public static async Task<string> UploadAsync(this HttpClient client, byte[] content, string mediaType)
    {
        using var body = new ByteArrayContent(content);
        body.Headers.ContentType = new(mediaType);
        using var response = await client.PutAsync("/files", body);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    /// <summary>A number of <c>/metrics</c> by its name.</summary>
    public static async Task<long> MetricAsync(this HttpClient client, string name) =>
        (await client.GetFromJsonAsync<JsonElement>("/metrics")).GetProperty(name).GetInt64();

    public static string State(this JsonElement job) => job.GetProperty("state").GetString()!;
}
