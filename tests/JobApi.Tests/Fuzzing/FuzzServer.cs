using System.Text.Json;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Tests.Fuzzing;

/// <summary>
/// A server on one store, on a real socket, with jobs in every state. Once it stands, no job runs any more: what a request is answered depends on the
/// requests before it alone, and never on how fast a worker was.
/// </summary>
internal sealed class FuzzServer : IAsyncDisposable
{
    private readonly ApiFactory _factory;
    private readonly List<string> _jobs = ["0198f000-0000-7000-8000-00000000dead"];
    private readonly List<string> _files = ["0198f000-0000-7000-8000-00000000dead"];

    private FuzzServer(string store, ApiFactory factory)
    {
        Store = store;
        _factory = factory;
    }

    public string Store { get; }

    public Api Api => _factory.Api;

    public Uri Address => Api.Http.BaseAddress!;

    public IReadOnlyCollection<string> Errors => _factory.Errors.Lines;

    public int Known => _jobs.Count + _files.Count;

    public static async Task<FuzzServer> StartAsync(string store)
    {
        var door = new Door();
        var server = new FuzzServer(store, new ApiFactory(
            [
                ("JobApi:Store", store), ("JobApi:Stats:Enabled", "false"), ("JobApi:Http:MaxJsonBytes", "4096"), ("JobApi:Http:MaxBulkBytes", "8192"), ("JobApi:Files:MaxFileBytes", "4096"),
                ("JobApi:MaxBacklog", "1000"),
            ],
            services =>
            {
                var queue = services.Last(service => service.ServiceType == typeof(IJobQueue));
                services.Remove(queue);
                services.AddSingleton<IJobQueue>(provider => new GuardedQueue((IJobQueue)queue.ImplementationFactory!(provider), door));
            },
            onSocket: true));

        await server.SeedAsync();
        door.IsShut = true;

        return server;
    }

    public async Task<FuzzAnswer?> SendAsync(FuzzRequest request, CancellationToken limit)
    {
        var known = request.Path.StartsWith("/files", StringComparison.Ordinal) ? _files : _jobs;
        var bytes = request.Bytes(known[request.Known % known.Count]);

        if (request.CutAt is not null)
        {
            await FuzzAnswer.LeaveAsync(Address, bytes, limit);
            return null;
        }

        var answer = await FuzzAnswer.SendAsync(Address, bytes, limit);

        // Only what makes something is read: a download may call itself JSON and be none.
        if (request.Operation is "POST /jobs" or "POST /jobs/bulk" or "PUT /files" or "POST /files" && answer is { Status: >= 200 and < 300, Json: { } body })
        {
            Learn(request, body);
        }

        return answer;
    }

    public ValueTask DisposeAsync() => _factory.DisposeAsync();

    private void Learn(FuzzRequest request, JsonElement body)
    {
        switch (request.Operation)
        {
            case "POST /jobs":
                _jobs.Add(body.GetProperty("id").GetString()!);
                break;
            case "POST /jobs/bulk":
                _jobs.AddRange(body.GetProperty("items").EnumerateArray().Where(item => item.TryGetProperty("job", out _)).Select(item => item.GetProperty("job").GetProperty("id").GetString()!));
                break;
            case "PUT /files" or "POST /files":
                _files.Add(body.GetProperty("id").GetString()!);
                break;
        }
    }

    private async Task SeedAsync()
    {
        _jobs.Add((await Api.RunAsync("echo", """{"text":"a"}""", ""","tags":{"a":"b"}""")).Text("id"));
        _jobs.Add((await Api.RunAsync("square", """{"number":12}""")).Text("id"));
        _jobs.Add((await Api.RunAsync("fail", """{"permanent":true}""", ""","unique":{"key":"a"}""")).Text("id"));
        _jobs.Add(await Api.SubmitAsync("echo", """{"text":"a"}""", ""","delaySeconds":3600"""));

        var canceled = await Api.SubmitAsync("echo", """{"text":"a"}""", ""","delaySeconds":3600""");
        await Api.PostAsync($"/jobs/{canceled}/cancel", """{"reason":"a"}""");
        var deleted = (await Api.RunAsync("echo", """{"text":"a"}""")).Text("id");
        await Api.DeleteAsync($"/jobs/{deleted}");
        _jobs.AddRange([canceled, deleted]);
    }

    private sealed class Door
    {
        public volatile bool IsShut;
    }

    /// <summary>The store's own queue, but behind a shut door nothing is claimed.</summary>
    private sealed class GuardedQueue(IJobQueue inner, Door door) : IJobQueue
    {
        public ValueTask<IReadOnlyList<InsertOutcome>> InsertAsync(InsertRequest request, CancellationToken cancellationToken) =>
            inner.InsertAsync(door.IsShut ? request with { Offer = null } : request, cancellationToken);

        public ValueTask<IReadOnlyList<Job>> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken) =>
            door.IsShut ? ValueTask.FromResult<IReadOnlyList<Job>>([]) : inner.ClaimAsync(request, cancellationToken);

        public ValueTask<RenewOutcome> RenewAsync(RenewRequest request, CancellationToken cancellationToken) => inner.RenewAsync(request, cancellationToken);

        public ValueTask<IReadOnlyList<Job>> CompleteAsync(IReadOnlyList<JobCompletion> completions, CancellationToken cancellationToken) =>
            inner.CompleteAsync(completions, cancellationToken);

        public ValueTask<AdvanceOutcome> AdvanceAsync(AdvanceRequest request, CancellationToken cancellationToken) => inner.AdvanceAsync(request, cancellationToken);
    }
}
