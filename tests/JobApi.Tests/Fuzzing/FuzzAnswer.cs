using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace JobApi.Tests.Fuzzing;

/// <summary>An answer as it came over the wire. No client library stands between, which would mend or refuse what is odd.</summary>
internal sealed record FuzzAnswer(int Status, string? MediaType, byte[] Body)
{
    public bool IsProblem => MediaType?.StartsWith("application/problem+json", StringComparison.Ordinal) == true;

    public JsonElement? Json => Body.Length > 0 && MediaType?.Contains("json", StringComparison.Ordinal) == true ? JsonDocument.Parse(Body).RootElement : null;

    public string? Kind => IsProblem ? Json?.GetProperty("type").GetString() : null;

    public static async Task<FuzzAnswer> SendAsync(Uri server, byte[] request, CancellationToken limit)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port, limit);
        var stream = client.GetStream();

        try
        {
            await stream.WriteAsync(request, limit);
        }
        catch (IOException)
        {
            // A server that has answered already need not read the rest.
        }

        using var answer = new MemoryStream();

        try
        {
            await stream.CopyToAsync(answer, limit);
        }
        catch (IOException) when (answer.Length > 0)
        {
            // It closed with bytes of the request unread; what it said came before.
        }

        return Read(answer.ToArray());
    }

    /// <summary>Sends a part and goes away.</summary>
    public static async Task LeaveAsync(Uri server, byte[] request, CancellationToken limit)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port, limit);
        await client.GetStream().WriteAsync(request, limit);
    }

    private static FuzzAnswer Read(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            var end = bytes.IndexOf("\r\n\r\n"u8);
            Assert.True(end > 0, $"No answer: {bytes.Length} bytes.");
            var lines = Encoding.Latin1.GetString(bytes[..end]).Split("\r\n");
            var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
            bytes = bytes[(end + 4)..];

            if (status >= 200)
            {
                var isChunked = lines.Any(line => line.Equals("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase));
                var type = lines.FirstOrDefault(line => line.StartsWith("Content-Type: ", StringComparison.OrdinalIgnoreCase))?[14..];

                return new FuzzAnswer(status, type, isChunked ? Unchunk(bytes) : bytes.ToArray());
            }
        }
    }

    private static byte[] Unchunk(ReadOnlySpan<byte> bytes)
    {
        var body = new List<byte>();

        while (bytes.IndexOf("\r\n"u8) is > 0 and var end)
        {
            var length = int.Parse(Encoding.ASCII.GetString(bytes[..end]), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.AddRange(bytes.Slice(end + 2, length));
            bytes = bytes[(end + 2 + length + 2)..];
        }

        return [.. body];
    }
}
