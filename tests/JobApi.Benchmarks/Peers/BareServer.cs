using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace JobApi.Benchmarks.Peers;

/// <summary>
/// The yardstick: minimal endpoints, with the framework's defaults, that bind the same request bytes and answer with bodies of the same length.
/// No filters, no validation, no job. Not the most that ASP.NET Core can do: a server that reads its sockets another way, or sets the collector,
/// can be faster. <c>serve-bare accepted finished item</c>, the lengths of its answers in bytes.
/// </summary>
internal static class BareServer
{
    public const string Verb = "serve-bare";

    private const string Tag = "\"1\"";

    public static async Task<int> RunAsync(string[] arguments)
    {
        await using var app = PeerHost.CreateBuilder().Build();
        MapEndpoints(app, [.. arguments.Select(length => Body(int.Parse(length, CultureInfo.InvariantCulture)))]);
        return await PeerHost.ServeAsync(app);
    }

    private static void MapEndpoints(IEndpointRouteBuilder app, byte[][] bodies)
    {
        var (accepted, finished, item) = (bodies[0], bodies[1], bodies[2]);
        var completed = 0L;

        app.MapPost("/jobs", (RequestDelegate)(async http =>
        {
            _ = await http.Request.ReadFromJsonAsync(BareJson.Default.BareJob, http.RequestAborted);
            Interlocked.Increment(ref completed);
            http.Response.Headers.Location = "/jobs/019ab000-0000-7000-8000-000000000000";
            await (http.Request.Headers["Prefer"].ToString().StartsWith("wait=", StringComparison.Ordinal)
                ? AnswerAsync(http, StatusCodes.Status200OK, finished)
                : AnswerAsync(http, StatusCodes.Status202Accepted, accepted));
        }));

        app.MapPost("/jobs/bulk", (RequestDelegate)(async http =>
        {
            var jobs = await http.Request.ReadFromJsonAsync(BareJson.Default.ListBareJob, http.RequestAborted);
            Interlocked.Add(ref completed, jobs!.Count);
            await AnswerAsync(http, StatusCodes.Status207MultiStatus, item, jobs.Count);
        }));

        app.MapGet("/jobs/{id:guid}", (RequestDelegate)(http =>
        {
            http.Response.Headers.ETag = Tag;

            if (http.Request.Headers.IfNoneMatch == Tag)
            {
                http.Response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            }

            return AnswerAsync(http, StatusCodes.Status200OK, finished);
        }));

        app.MapGet("/completed", (RequestDelegate)(http => AnswerAsync(
            http, StatusCodes.Status200OK, Encoding.UTF8.GetBytes($$"""{"completed":{{Interlocked.Read(ref completed)}}}"""))));
    }

    private static async Task AnswerAsync(HttpContext http, int status, byte[] body, int times = 1)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = (long)body.Length * times;

        for (var i = 0; i < times; i++)
        {
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        }
    }

    /// <summary>JSON of that length, with an id for who wants to read the job, and a result for who waits for its end.</summary>
    private static byte[] Body(int length)
    {
        const string frame = """{"id":"019ab000-0000-7000-8000-000000000000","result":{},"filling":""}""";
        return Encoding.ASCII.GetBytes(frame.Insert(frame.Length - 2, new string('x', Math.Max(0, length - frame.Length))));
    }
}

internal sealed record BareJob(string Type, JsonElement Payload);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(BareJob))]
[JsonSerializable(typeof(List<BareJob>))]
internal sealed partial class BareJson : JsonSerializerContext;
