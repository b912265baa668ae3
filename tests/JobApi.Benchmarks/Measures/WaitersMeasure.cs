using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using JobApi.Benchmarks.Comparing;
using JobApi.Benchmarks.Peers;

namespace JobApi.Benchmarks.Measures;

/// <summary>
/// What thousands of requests cost that wait for a job, each on a connection of its own: the speed of submissions beside them, and memory. Turns
/// with them stand between turns without.
/// </summary>
internal sealed class WaitersMeasure : IMeasure
{
    private const int Waiters = 5_000;
    private const int PerBulk = 1_000;
    private const int WarmUpTurns = 3;

    private static readonly TimeSpan TurnLength = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(3);

    private readonly Driver _post = new(Scenario.Usual);

    public string Name => "waiters-5000";

    public async IAsyncEnumerable<Measurement> RunAsync()
    {
        await using var server = await Contenders.StartModelAsync();
        var jobs = await ScheduleAsync(server);

        for (var turn = 0; turn < WarmUpTurns; turn++)
        {
            await TakeAsync(server);
        }

        var before = await TakeAsync(server);
        await Task.Delay(Rest, TimeProvider.System);
        var memory = server.ResidentMiB;
        var sockets = await WaitAsync(server, jobs);
        await Task.Delay(Rest, TimeProvider.System);
        var grown = server.ResidentMiB - memory;
        Turn[] beside = [await TakeAsync(server), await TakeAsync(server)];
        var answered = sockets.Count(socket => socket.Available > 0);
        sockets.ForEach(socket => socket.Dispose());
        var after = await TakeAsync(server);

        yield return new Measurement($"{Waiters:N0} waiting GETs: of them not waiting any more after the load", answered, "", 1);
        yield return new Measurement("resident memory for each", grown * 1024 / Waiters, "kB", 20);
        yield return new Measurement("submissions without them", (before.Completed + after.Completed) / 2, "jobs/s");
        yield return new Measurement("submissions beside them", beside.Average(turn => turn.Completed), "jobs/s");
        yield return new Measurement("time of a submission beside them, compared with without", (before.Completed + after.Completed) / 2 / beside.Average(turn => turn.Completed), "", 1.25);
    }

    private Task<Turn> TakeAsync(RunningSystem server) => _post.TakeAsync(server, TurnLength);

    /// <summary>Jobs that nothing happens to while somebody waits for them.</summary>
    private static async Task<List<string>> ScheduleAsync(RunningSystem server)
    {
        var jobs = new List<string>();

        for (var made = 0; made < Waiters; made += PerBulk)
        {
            var bulk = Enumerable.Repeat(new { type = "square", payload = new { number = 1 }, delaySeconds = 86_400 }, PerBulk);
            using var answer = await server.Client.PostAsJsonAsync("/jobs/bulk", bulk);
            var items = (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items");
            jobs.AddRange(items.EnumerateArray().Select(item => item.GetProperty("job").GetProperty("id").GetString()!));
        }

        return jobs;
    }

    /// <summary>A connection for each job, on which somebody asks for its end and gets no answer yet.</summary>
    private static async Task<List<Socket>> WaitAsync(RunningSystem server, List<string> jobs)
    {
        var address = new IPEndPoint(IPAddress.Loopback, server.Address.Port);
        var sockets = new List<Socket>();

        foreach (var job in jobs)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(address);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /jobs/{job}?wait=60 HTTP/1.1\r\nHost: {server.Address.Authority}\r\n\r\n"));
            sockets.Add(socket);
        }

        return sockets;
    }
}
