using System.Net.Http.Json;
using System.Text.Json;
using JobApi.Testing;

namespace JobApi.Benchmarks.Peers;

/// <summary>A started system: where it listens, what its processes cost, and how many jobs it has ended.</summary>
internal sealed class RunningSystem : IAsyncDisposable
{
    private readonly Func<HttpClient, Task<long>> _completed;
    private readonly Func<HttpClient, Task<long>>? _submitted;
    private readonly IReadOnlyList<int> _processes;
    private readonly IReadOnlyList<IAsyncDisposable> _parts;

    // Whoever disposes, and however often, waits for the one end.
    private readonly Lazy<Task> _end;

    private RunningSystem(Uri address, IReadOnlyList<int> processes, Func<HttpClient, Task<long>> completed, IReadOnlyList<IAsyncDisposable> parts, Func<HttpClient, Task<long>>? submitted = null)
    {
        Address = address;
        Client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
        _processes = processes;
        _completed = completed;
        _submitted = submitted;
        _parts = parts;
        _end = new Lazy<Task>(EndAsync);
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    /// <summary>Processor time all its processes have used so far.</summary>
    public TimeSpan Cpu => ProcTree.Cpu(_processes);

    /// <summary>Resident memory of all its processes; the shared memory of a database counts once.</summary>
    public double ResidentMiB => ProcTree.ResidentMiB(_processes);

    /// <summary>JobApi tells in <c>/metrics</c> how many jobs it took in and how many succeeded.</summary>
    public static RunningSystem Of(ServerProcess server) => new(
        server.Address,
        [server.Id],
        client => NumberAsync(client, "/metrics", "processed"),
        [server],
        client => NumberAsync(client, "/metrics", "submitted"));

    /// <summary>The peers count the ends of jobs themselves.</summary>
    /// <param name="server">The process that listens.</param>
    /// <param name="stores">The processes it keeps its jobs in.</param>
    public static RunningSystem Of(ChildServer server, params ChildServer[] stores) => new(
        server.Address,
        [server.Id, .. stores.Select(store => store.Id)],
        client => NumberAsync(client, "/completed", "completed"),
        [server, .. stores]);

    /// <summary>Jobs that have ended well since the start.</summary>
    public Task<long> CompletedAsync() => _completed(Client);

    /// <summary>Jobs that were taken in since the start; null when the system does not tell, and then takes in what it answers.</summary>
    public async Task<long?> SubmittedAsync() => _submitted is null ? null : await _submitted(Client);

    public ValueTask DisposeAsync() => new(_end.Value);

    private async Task EndAsync()
    {
        Client.Dispose();
        var failures = new List<Exception>();

        foreach (var part in _parts)
        {
            try
            {
                await part.DisposeAsync();
            }
            catch (Exception exception)
            {
                // The others must not be left running.
                failures.Add(exception);
            }
        }

        if (failures.Count > 0)
        {
            throw new AggregateException("Not every part of a system could be ended.", failures);
        }
    }

    private static async Task<long> NumberAsync(HttpClient client, string path, string member) =>
        (await client.GetFromJsonAsync<JsonElement>(path)).GetProperty(member).GetInt64();
}
