using JobApi.Engine.Diagnostics;
using JobApi.Engine.Storage;
using JobApi.Testing;
using JobApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Tests.Contract;

/// <summary>A server on one store in one situation, and the shortest ways to jobs in every state.</summary>
internal sealed class Stage : IAsyncDisposable
{
    public const string Soon = """{"type":"echo","payload":{"text":"a"}}""";
    public const string Later = """{"type":"echo","payload":{"text":"a"},"delaySeconds":3600}""";
    public const string NoId = "0198f000-0000-7000-8000-00000000dead";

    private readonly ApiFactory _server;
    private int _names;

    private Stage(ApiFactory server) => _server = server;

    public Api Api => _server.Api;

    public static async Task<Stage> OpenAsync(string store, Situation situation)
    {
        (string, string)[] settings =
        [
            ("JobApi:Store", store),
            ("JobApi:Stats:Enabled", "false"),
            ("JobApi:Http:MaxJsonBytes", "2048"),
            ("JobApi:Http:MaxBulkBytes", "4096"),
            ("JobApi:Files:MaxFileBytes", "2048"),
            .. situation switch
            {
                Situation.Full => [("JobApi:MaxBacklog", "1")],
                Situation.Unwell => [("JobApi:Execution:MaxAbandonedHandlers", "0"), ("JobApi:Execution:CancellationGrace", "00:00:00"), ("JobApi:Workers:MinWorkers", "2")],

                // A pool that is never used up by jobs that stand at their gates.
                _ => new[] { ("JobApi:Workers:MinWorkers", "64"), ("JobApi:Workers:MaxWorkers", "64") },
            },
        ];

        var stage = new Stage(new ApiFactory(settings, situation switch
        {
            Situation.DiskShort => services => services.AddSingleton<IDiskProbe>(new FakeDisk { Free = 1_000 }),
            Situation.StoreFull => services => services.AddSingleton<IJobControl, FullStore>().AddSingleton<IQueueSettings, FullStore>(),
            _ => null,
        }));

        await stage.SetAsync(situation);
        return stage;
    }

    public string NewName() => $"name-{Interlocked.Increment(ref _names)}";

    public Task<string> WaitingAsync(string more = "") => Api.SubmitAsync("echo", """{"text":"a"}""", ""","delaySeconds":3600""" + more);

    public async Task<string> RunningAsync()
    {
        var gate = NewName();
        var id = await Api.SubmitAsync("gate", $$"""{"gate":"{{gate}}"}""");
        await _server.Gates.Started(gate);

        return id;
    }

    public async Task<string> SucceededAsync() => (await Api.RunAsync("echo", """{"text":"a"}""")).Text("id");

    public async Task<string> FailedAsync(string more = "") => (await Api.RunAsync("fail", """{"permanent":true}""", more)).Text("id");

    public async Task<string> CanceledAsync()
    {
        var id = await WaitingAsync();
        Assert.Equal(200, (await Api.PostAsync($"/jobs/{id}/cancel")).Status);

        return id;
    }

    public async Task<string> DeletedAsync()
    {
        var id = await SucceededAsync();
        Assert.Equal(204, (await Api.DeleteAsync($"/jobs/{id}")).Status);

        return id;
    }

    /// <summary>A key whose job has been submitted with <paramref name="body"/>.</summary>
    public async Task<string> KeyAsync(string body, string path = "/jobs", bool isDeleted = false)
    {
        var key = NewName();
        var answer = await Api.PostAsync(path, body, ("Idempotency-Key", key));
        Assert.InRange(answer.Status, 200, 299);

        if (isDeleted)
        {
            var id = answer.Has("items") ? answer["items"][0].GetProperty("job").GetProperty("id").GetString() : answer.Text("id");
            await Api.GetAsync($"/jobs/{id}?wait=30");
            Assert.Equal(204, (await Api.DeleteAsync($"/jobs/{id}")).Status);
        }

        return key;
    }

    public async Task<string> FileAsync()
    {
        using var content = new ByteArrayContent("hello"u8.ToArray());
        return (await Api.SendAsync(HttpMethod.Put, "/files", content)).Text("id");
    }

    public async ValueTask DisposeAsync()
    {
        for (var name = 1; name <= _names; name++)
        {
            _server.Gates.Open($"name-{name}");
        }

        await _server.DisposeAsync();
    }

    private async Task SetAsync(Situation situation)
    {
        switch (situation)
        {
            case Situation.Full:
                await WaitingAsync();
                break;
            case Situation.DiskShort:
                _server.Services.GetRequiredService<DiskSpace>().Look();
                break;
            case Situation.Unwell:
                Assert.Equal("failed", (await Api.RunAsync(
                    "sleep", """{"seconds":30,"ignoreCancellation":true}""", ""","timeoutSeconds":0.001,"maxAttempts":1""")).Text("state"));
                break;
        }
    }
}
