using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using JobApi.Benchmarks.Load;
using JobApi.Benchmarks.Peers;

namespace JobApi.Benchmarks.Comparing;

/// <summary>
/// The requests of the comparison. The job is <c>square</c> in all systems: it does nothing to speak of and its result has 24 bytes. Its payload has 190 bytes,
/// which every system parses and stores; the number is followed by blanks, which are as good as any other bytes.
/// </summary>
internal static class SquareRequests
{
    public const int PayloadBytes = 190;

    /// <summary>Jobs that are read in turns.</summary>
    private const int Readable = 100;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);

    public static string Job { get; } = $$"""{"type":"square","payload":{{Payload(1_234_567)}}}""";

    /// <summary>The payload of a job, with a number of one's own.</summary>
    public static string Payload(int number) => $$"""{"number":{{number}}""".PadRight(PayloadBytes - 1) + '}';

    public static string Bulk(int jobs) => $"[{string.Join(',', Enumerable.Repeat(Job, jobs))}]";

    public static Task<IReadOnlyList<byte[]>> PostAsync(RunningSystem system) => One(RawRequest.Post(system.Address, "/jobs", Job));

    public static Task<IReadOnlyList<byte[]>> PostAndWaitAsync(RunningSystem system) => One(RawRequest.Post(system.Address, "/jobs", Job, "wait=10"));

    public static Task<IReadOnlyList<byte[]>> BulkAsync(RunningSystem system, int jobs) => One(RawRequest.Post(system.Address, "/jobs/bulk", Bulk(jobs)));

    /// <summary>One submission, then five looks at the newest job.</summary>
    public static Task<IReadOnlyList<byte[]>> PollAsync(RunningSystem system) => Task.FromResult<IReadOnlyList<byte[]>>(
        [RawRequest.Post(system.Address, "/jobs", Job), .. Enumerable.Repeat(RawRequest.Get(system.Address, RawRequest.Recent), 5)]);

    /// <summary>Looks at finished jobs of a moment ago; with their tags, so that the answer is "not modified", or without.</summary>
    public static async Task<IReadOnlyList<byte[]>> GetAsync(RunningSystem system, bool withTag)
    {
        var requests = new List<byte[]>();

        for (var i = 0; i < Readable; i++)
        {
            var path = await SubmitAsync(system);
            using var answer = await EndedAsync(system, path);
            requests.Add(RawRequest.Get(system.Address, path, withTag ? answer.Headers.ETag!.ToString() : null));
        }

        return requests;
    }

    /// <summary>How long the answers of a server are, for the bare endpoint to answer as much.</summary>
    public static async Task<AnswerSizes> MeasureAsync(RunningSystem system)
    {
        using var accepted = await SendAsync(system, "/jobs", Job);
        accepted.EnsureSuccessStatusCode();
        using var finished = await EndedAsync(system, await SubmitAsync(system));
        using var bulk = await SendAsync(system, "/jobs/bulk", Bulk(10));
        bulk.EnsureSuccessStatusCode();

        return new AnswerSizes(await LengthAsync(accepted), await LengthAsync(finished), await LengthAsync(bulk) / 10);
    }

    /// <summary>Submits a job and returns its path.</summary>
    private static async Task<string> SubmitAsync(RunningSystem system)
    {
        using var answer = await SendAsync(system, "/jobs", Job);
        answer.EnsureSuccessStatusCode();
        return $"/jobs/{(await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()}";
    }

    /// <summary>Looks at a job until it has ended, which every system shows by its result, and returns that answer.</summary>
    /// <exception cref="LoadFailedException">It took too long.</exception>
    private static async Task<HttpResponseMessage> EndedAsync(RunningSystem system, string path)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < EndLimit; await Task.Delay(Look, TimeProvider.System))
        {
            var answer = await system.Client.GetAsync(new Uri(path, UriKind.Relative));
            answer.EnsureSuccessStatusCode();

            if ((await answer.Content.ReadFromJsonAsync<JsonElement>()).TryGetProperty("result", out var result) && result.ValueKind != JsonValueKind.Null)
            {
                return answer;
            }

            answer.Dispose();
        }

        throw new LoadFailedException($"a job had not ended {EndLimit.TotalSeconds:0} seconds after it was submitted");
    }

    private static async Task<HttpResponseMessage> SendAsync(RunningSystem system, string path, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Add("Prefer", "respond-async");
        return await system.Client.SendAsync(request);
    }

    private static async Task<int> LengthAsync(HttpResponseMessage answer) => (await answer.Content.ReadAsByteArrayAsync()).Length;

    private static Task<IReadOnlyList<byte[]>> One(byte[] request) => Task.FromResult<IReadOnlyList<byte[]>>([request]);
}
