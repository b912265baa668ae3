using System.Text.Json;
using Hangfire;
using Hangfire.PostgreSql;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JobApi.Benchmarks.Peers;

/// <summary>
/// What one writes by hand around Hangfire: an endpoint that takes the same request, enqueues the same job and answers its id.
/// <c>serve-hangfire</c> keeps jobs in memory, <c>serve-hangfire CONNECTION</c> in PostgreSQL.
/// </summary>
internal static class HangfireServer
{
    public const string Verb = "serve-hangfire";

    private static long _completed;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddHangfire(hangfire => UseStorage(hangfire.UseSimpleAssemblyNameTypeSerializer().UseRecommendedSerializerSettings(), arguments));
        builder.Services.AddHangfireServer();

        await using var app = builder.Build();
        app.MapPost("/jobs", Submit);
        app.MapGet("/completed", () => new { completed = Interlocked.Read(ref _completed) });
        await app.StartAsync();
        Console.WriteLine($"Now listening on: {app.Urls.First()}");
        await app.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>The job: called by Hangfire's workers, its result is kept. Counted when it is done, a moment before Hangfire has stored that.</summary>
    public static string Square(string payload)
    {
        using var json = JsonDocument.Parse(payload);
        var number = json.RootElement.GetProperty("number").GetInt64();
        Interlocked.Increment(ref _completed);
        return $$"""{"number":{{checked(number * number)}}}""";
    }

    private static Accepted<HangfireAnswer> Submit(HangfireRequest request, IBackgroundJobClient jobs)
    {
        var payload = request.Payload.GetRawText();
        var id = jobs.Enqueue(() => Square(payload));
        return TypedResults.Accepted($"/jobs/{id}", new HangfireAnswer(id));
    }

    private static void UseStorage(IGlobalConfiguration hangfire, string[] arguments)
    {
        if (arguments is [var connection])
        {
            // Its calls to the database block their threads: the pool's few would hold each other up for many seconds before it grew.
            ThreadPool.SetMinThreads(256, 256);

            var eager = new PostgreSqlStorageOptions { QueuePollInterval = TimeSpan.FromMilliseconds(50) };
            hangfire.UsePostgreSqlStorage(postgres => postgres.UseNpgsqlConnection(connection), eager);
        }
        else
        {
            hangfire.UseInMemoryStorage();
        }
    }
}

internal sealed record HangfireRequest(string Type, JsonElement Payload);

internal sealed record HangfireAnswer(string Id);
