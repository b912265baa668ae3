using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using JobApi.Testing;

namespace JobApi.Faults.Disk.Tests;

/// <summary>The real server with all its files on a faulty disk.</summary>
internal sealed class DiskServer : IAsyncDisposable
{
    private readonly ServerProcess _process;

    private DiskServer(ServerProcess process) => _process = process;

    public ServerProcess Process => _process;

    public HttpClient Http => _process.Client;

    /// <summary>Starts it. Its folders do not exist before the first start: making them must survive as well.</summary>
    public static async Task<DiskServer> StartAsync(FaultyDisk disk, params string[] more) => new(await ServerProcess.StartAsync(new ServerSetup
    {
        Environment = disk.Environment,
        Arguments =
        [
            "--JobApi:Store=sqlite", $"--JobApi:Sqlite:Path={Path.Combine(disk.Data, "store", "jobs.db")}",
            $"--JobApi:Files:Folder={Path.Combine(disk.Data, "store", "files")}", .. more,
        ],
    }));

    /// <summary>Submits one job.</summary>
    public async Task<Reply> SubmitAsync(string type = "square", string payload = """{"number":3}""", string more = "")
    {
        using var body = new StringContent($$"""{"type":"{{type}}","payload":{{payload}}{{more}}}""", Encoding.UTF8, "application/json");
        using var response = await Http.PostAsync(new Uri("/jobs", UriKind.Relative), body);
        return await Reply.ReadAsync(response);
    }

    public async Task<Reply> GetAsync(string path)
    {
        using var response = await Http.GetAsync(new Uri(path, UriKind.Relative));
        return await Reply.ReadAsync(response);
    }

    public async Task<Reply> PostAsync(string path)
    {
        using var response = await Http.PostAsync(new Uri(path, UriKind.Relative), content: null);
        return await Reply.ReadAsync(response);
    }

    public async Task<Reply> UploadAsync(byte[] bytes)
    {
        using var body = new ByteArrayContent(bytes);
        using var response = await Http.PutAsync(new Uri("/files", UriKind.Relative), body);
        return await Reply.ReadAsync(response);
    }

    /// <summary>Submits from many clients at once, until that many jobs are accepted, and kills the server in the midst of the next.</summary>
    /// <returns>The accepted jobs, those that were accepted while it died too.</returns>
    public async Task<IReadOnlyCollection<string>> KillUnderLoadAsync(int clients, int accepted)
    {
        var ids = new ConcurrentBag<string>();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var load = Task.WhenAll(Enumerable.Range(0, clients).Select(_ => SubmitUntilDeadAsync(ids, accepted, enough)));

        if (await Task.WhenAny(enough.Task, load) == enough.Task)
        {
            _process.KillNow();
        }

        await load;
        await _process.WaitForExitAsync();

        return ids;
    }

    /// <summary>Which of these jobs the server does not know.</summary>
    public async Task<IReadOnlyList<string>> MissingAsync(IEnumerable<string> ids)
    {
        var missing = new ConcurrentBag<string>();

        await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (id, _) =>
        {
            if ((await GetAsync($"/jobs/{id}")).Status != HttpStatusCode.OK)
            {
                missing.Add(id);
            }
        });

        return [.. missing];
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task SubmitUntilDeadAsync(ConcurrentBag<string> ids, int accepted, TaskCompletionSource enough)
    {
        try
        {
            while (await SubmitAsync() is { Status: HttpStatusCode.Accepted } reply)
            {
                ids.Add(reply.Text("id"));

                if (ids.Count >= accepted)
                {
                    enough.TrySetResult();
                }
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException)
        {
            // It is dead, and whether this last one was stored is unknown.
        }
    }
}

/// <summary>What the server answered.</summary>
internal sealed record Reply(HttpStatusCode Status, JsonElement Body, TimeSpan? RetryAfter)
{
    public static async Task<Reply> ReadAsync(HttpResponseMessage response)
    {
        var isJson = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true;
        return new Reply(response.StatusCode, isJson ? await response.Content.ReadFromJsonAsync<JsonElement>() : default, response.Headers.RetryAfter?.Delta);
    }

    public string Text(string member) => Body.GetProperty(member).GetString()!;
}
