using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace JobApi.Benchmarks.Load;

/// <summary>Our own load generator, a process of its own: <c>drive host port connections seconds file</c>. Keep-alive, no pipelining.</summary>
internal static class Drive
{
    public const string Verb = "drive";

    public static async Task<int> RunAsync(string[] arguments)
    {
        var server = new IPEndPoint(IPAddress.Parse(arguments[0]), Number(arguments[1]));
        var seconds = double.Parse(arguments[3], CultureInfo.InvariantCulture);
        var requests = RequestFile.Read(arguments[4]).ConvertAll(bytes => new PreparedRequest(bytes));

        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(seconds * Stopwatch.Frequency);
        var callers = Enumerable.Range(0, Number(arguments[2])).Select(first => new Caller(server, requests, first)).ToList();
        await Task.WhenAll(callers.Select(caller => caller.RunAsync(end)));
        var elapsed = Stopwatch.GetElapsedTime(start);

        var sorted = callers.SelectMany(caller => caller.Microseconds).Order().ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $$"""RESULT {"requests":{{sorted.Length}},"microseconds":{{(long)elapsed.TotalMicroseconds}},"p50":{{At(0.5)}},"p99":{{At(0.99)}},"max":{{At(1)}},"refused":{{callers.Sum(caller => caller.Refused)}},"broken":{{callers.Count(caller => caller.Broken)}}}"""));
        return 0;

        int At(double share) => sorted.Length == 0 ? 0 : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>One connection: sends a request when it has the answer to the one before.</summary>
internal sealed class Caller(IPEndPoint server, IReadOnlyList<PreparedRequest> requests, int first)
{
    public List<int> Microseconds { get; } = new(100_000);

    public long Refused { get; private set; }

    public bool Broken { get; private set; }

    public async Task RunAsync(long end)
    {
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(server);
            var answers = new AnswerReader(socket);
            var recent = string.Empty;

            for (var turn = first; Stopwatch.GetTimestamp() < end; turn++)
            {
                var request = requests[turn % requests.Count];

                if (request.NeedsRecent && recent.Length == 0)
                {
                    continue;
                }

                var sent = Stopwatch.GetTimestamp();
                await socket.SendAsync(request.Bytes(recent));
                var (status, location) = await answers.ReadAsync();
                Microseconds.Add((int)Stopwatch.GetElapsedTime(sent).TotalMicroseconds);
                Refused += status is >= 200 and < 300 or 304 ? 0 : 1;
                recent = location ?? recent;
            }
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            Broken = true;
        }
    }
}
