using System.Diagnostics;
using System.Globalization;
using CsCheck;
using JobApi.Tests.Contract;
using Xunit.Abstractions;

namespace JobApi.Tests.Fuzzing;

/// <summary>
/// Thousands of requests, made from the served API description and then often spoilt, sent to a server on each store in lock step: no answer is a fault
/// of the server, none is missing, each is one that is declared, and every store gives the same.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Requests = 4_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Every_store_gives_the_same_declared_answer_to_whatever_is_asked()
    {
        var seed = ulong.Parse(Environment.GetEnvironmentVariable("JOBAPI_FUZZ_SEED") ?? Random.Shared.NextInt64(1_000_000_000).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var count = int.Parse(Environment.GetEnvironmentVariable("JOBAPI_FUZZ_REQUESTS") ?? Requests.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var time = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("JOBAPI_FUZZ_REQUESTS") is null ? 60 : 3_600);
        output.WriteLine($"Repeat with JOBAPI_FUZZ_SEED={seed}.");

        await using var memory = await FuzzServer.StartAsync("memory");
        await using var sqlite = await FuzzServer.StartAsync("sqlite");
        FuzzServer[] servers = [memory, sqlite];
        var document = (await memory.Api.GetAsync("/swagger/v1/swagger.json")).Json;
        var contract = new ServedContract(document);
        var requests = new FuzzRequests(document).All;
        var numbers = new PCG(1, seed);
        var statuses = new SortedDictionary<int, int>();
        var watch = Stopwatch.StartNew();
        var sent = 0;

        for (; sent < count && watch.Elapsed < time; sent++)
        {
            var request = requests.Generate(numbers, null, out _);
            var story = $"request {sent} of JOBAPI_FUZZ_SEED={seed}:\n{request}";
            var answers = await SendAsync(servers, request, story);

            if (answers is [{ } first, ..])
            {
                Check(contract, request, servers, answers!, story);
                statuses[first.Status] = statuses.GetValueOrDefault(first.Status) + 1;
            }
        }

        output.WriteLine($"{sent} requests to each of {servers.Length} stores in {watch.Elapsed.TotalSeconds:0.0} s: {string.Join(", ", statuses.Select(status => $"{status.Value} x {status.Key}"))}.");
        Assert.True(sent >= Math.Min(count, 1_000), $"Only {sent} requests in {watch.Elapsed}.");
        await StillListsAsync(servers);
    }

    private static async Task<FuzzAnswer?[]> SendAsync(FuzzServer[] servers, FuzzRequest request, string story)
    {
        using var limit = new CancellationTokenSource(Patience);

        try
        {
            return await Task.WhenAll(servers.Select(server => server.SendAsync(request, limit.Token)));
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No answer within {Patience} to {story}");
        }
        catch (Exception exception) when (exception is IOException or Xunit.Sdk.XunitException or System.Text.Json.JsonException)
        {
            throw new InvalidOperationException($"{exception.Message} {story}", exception);
        }
    }

    private static void Check(ServedContract contract, FuzzRequest request, FuzzServer[] servers, FuzzAnswer[] answers, string story)
    {
        foreach (var (server, answer) in servers.Zip(answers))
        {
            var told = $"{server.Store} answered {answer.Status} {System.Text.Encoding.UTF8.GetString(answer.Body.AsSpan(0, Math.Min(answer.Body.Length, 1_000)))}\nto {story}\n";

            Assert.True(answer.Status != 500 && server.Errors.Count == 0, told + string.Join('\n', server.Errors));
            Assert.True(IsDeclared(contract, request, answer.Status), "Not declared: " + told);
            Assert.True(answer.Status == answers[0].Status && answer.Kind == answers[0].Kind, $"Unlike {servers[0].Store} ({answers[0].Status} {answers[0].Kind}): {told}");
            Assert.True(server.Known == servers[0].Known, "Other jobs: " + told);

            if (answer.Status >= 400 && request.Method != "HEAD")
            {
                Assert.True(answer.IsProblem && answer.Json?.GetProperty("status").GetInt32() == answer.Status, "No problem: " + told);
            }
        }
    }

    /// <summary>What is meant for no operation finds nothing, or another method; what is meant for another host finds that.</summary>
    private static bool IsDeclared(ServedContract contract, FuzzRequest request, int status) =>
        request.IsForeignHost ? status == 421
        : request.Operation is { } operation ? contract.Allows(operation, status)
        : status != 500;

    /// <summary>Whatever was stored, the list shows all of it, and the same on every store.</summary>
    private static async Task StillListsAsync(FuzzServer[] servers)
    {
        var lists = new List<List<string>>();

        foreach (var server in servers)
        {
            var list = new List<string>();
            string? token = null;

            do
            {
                var page = await server.Api.GetAsync("/jobs?pageSize=200" + (token is null ? "" : "&pageToken=" + token));
                Assert.Equal(200, page.Status);
                list.AddRange(page["items"].EnumerateArray().Select(job => $"{job.GetProperty("type")} {job.GetProperty("queue")} {job.GetProperty("priority")} {job.GetProperty("payload").GetRawText()} {job.GetProperty("tags").GetRawText()} {State(job.GetProperty("state").GetString()!)}"));
                token = page.Has("nextPageToken") ? page.Text("nextPageToken") : null;
            }
            while (token is not null);

            lists.Add(list);
        }

        Assert.All(lists, list => Assert.Equal(lists[0], list));
    }

    /// <summary>A job whose time comes between two looks is the same job.</summary>
    private static string State(string state) => state == "scheduled" ? "queued" : state;
}
