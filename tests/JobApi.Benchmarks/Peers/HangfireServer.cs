using System.Text.Json;
using Hangfire;
using Hangfire.Common;
using Hangfire.PostgreSql;
using Hangfire.States;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JobApi.Benchmarks.Peers;

/// <summary>
/// What one writes by hand around Hangfire: an endpoint that takes the same request, enqueues the same job and answers its id, and one that looks it up.
/// <c>serve-hangfire</c> keeps jobs in memory, <c>serve-hangfire CONNECTION</c> in PostgreSQL.
/// </summary>
internal static class HangfireServer
{
    public const string Verb = "serve-hangfire";

    private static long _completed;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var builder = PeerHost.CreateBuilder();
        builder.Services.AddHangfire(hangfire => UseStorage(
            hangfire.SetDataCompatibilityLevel(CompatibilityLevel.Version_180).UseSimpleAssemblyNameTypeSerializer().UseRecommendedSerializerSettings(),
            arguments));
        builder.Services.AddHangfireServer();

        await using var app = builder.Build();
        app.MapPost("/jobs", Submit);
        app.MapGet("/jobs/{id}", Get);
        app.MapGet("/completed", () => new { completed = Interlocked.Read(ref _completed) });
        return await PeerHost.ServeAsync(app);
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

    private static Results<Ok<HangfireJob>, NotFound> Get(string id, JobStorage storage)
    {
        using var connection = storage.GetConnection();

        if (connection.GetJobData(id) is not { } found)
        {
            return TypedResults.NotFound();
        }

        // What the job returned is kept as JSON, and is itself a text of JSON.
        var result = found.State == SucceededState.StateName ? connection.GetStateData(id)?.Data["Result"] : null;
        return TypedResults.Ok(new HangfireJob(
            id,
            found.State,
            JsonElement.Parse((string)found.Job.Args[0]),
            result is null ? null : JsonElement.Parse(SerializationHelper.Deserialize<string>(result, SerializationOption.User))));
    }

    private static void UseStorage(IGlobalConfiguration hangfire, string[] arguments)
    {
        if (arguments is [var connection])
        {
            // Its calls to the database block their threads: the pool's few would hold each other up for many seconds before it grew.
            ThreadPool.SetMinThreads(256, 256);

            // Told of new jobs by the database (LISTEN), it need not look for them often.
            var told = new PostgreSqlStorageOptions { EnableLongPolling = true };
            hangfire.UsePostgreSqlStorage(postgres => postgres.UseNpgsqlConnection(connection), told);
        }
        else
        {
            hangfire.UseInMemoryStorage();
        }
    }
}

internal sealed record HangfireRequest(string Type, JsonElement Payload);

internal sealed record HangfireAnswer(string Id);

internal sealed record HangfireJob(string Id, string State, JsonElement Payload, JsonElement? Result);
