using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace JobApi.Tests.Support;

/// <summary>The server's API in as few words as a test can spare.</summary>
internal sealed class Api(HttpClient http)
{
    public HttpClient Http { get; } = http;

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    public Task<Answer> PostAsync(string path, string? json = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, json is null ? null : Json(json), headers);

    public Task<Answer> PatchAsync(string path, string json, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Patch, path, Json(json), headers);

    /// <summary>Submits a job and gives its id.</summary>
    public async Task<string> SubmitAsync(string type, string payload, string more = "")
    {
        var answer = await PostAsync("/jobs", $$"""{"type":"{{type}}","payload":{{payload}}{{more}}}""");
        Assert.Equal(202, answer.Status);
        return answer.Text("id");
    }

    /// <summary>Submits a job, waits for its end and gives its body.</summary>
    public async Task<Answer> RunAsync(string type, string payload, string more = "")
    {
        var answer = await PostAsync("/jobs?wait=30", $$"""{"type":"{{type}}","payload":{{payload}}{{more}}}""");
        Assert.Equal(200, answer.Status);
        return answer;
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };

        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content!.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var response = await Http.SendAsync(request);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(), response.Headers, response.Content.Headers);
    }

    private static ByteArrayContent Json(string json) =>
        new(Encoding.UTF8.GetBytes(json)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}

/// <summary>What the server said.</summary>
internal sealed record Answer(int Status, byte[] Bytes, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    public string Body => Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => JsonDocument.Parse(Bytes).RootElement;

    /// <summary>A member by its path, such as <c>waiting.reason</c> or <c>items.0.job</c>.</summary>
    public JsonElement this[string path] =>
        path.Split('.').Aggregate(Json, (element, name) => element.ValueKind == JsonValueKind.Array ? element[int.Parse(name, CultureInfo.InvariantCulture)] : element.GetProperty(name));

    public string Text(string path) => this[path].GetString()!;

    public bool Has(string member) => Json.TryGetProperty(member, out _);

    public string? Header(string name) =>
        Headers.TryGetValues(name, out var values) || ContentHeaders.TryGetValues(name, out values) ? string.Join(", ", values) : null;

    /// <summary>Checks that this is a complete problem of a kind, with an error at each of these places.</summary>
    public Answer IsProblem(int status, string word, params string[] places)
    {
        Assert.True(status == Status, $"{Status} instead of {status}: {Body}");
        Assert.Equal("application/problem+json", ContentHeaders.ContentType?.MediaType);
        Assert.Equal("urn:jobapi:problem:" + word, Text("type"));
        Assert.Equal(status, this["status"].GetInt32());
        Assert.NotEmpty(Text("title"));
        Assert.NotEmpty(Text("detail"));
        Assert.NotEmpty(Text("traceId"));
        Assert.DoesNotContain("System.", Body, StringComparison.Ordinal);
        Assert.DoesNotContain("JobApi.", Body.Replace("JobApi:", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);

        if (places.Length > 0)
        {
            Assert.Equal(places.Order(StringComparer.Ordinal), this["errors"].EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal));
        }

        return this;
    }
}
