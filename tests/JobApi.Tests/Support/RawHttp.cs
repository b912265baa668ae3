using System.Net.Sockets;
using System.Text;

namespace JobApi.Tests.Support;

/// <summary>Sends bytes as they are and reads until the server closes.</summary>
internal static class RawHttp
{
    public static async Task<string> SendAsync(Uri server, byte[] request)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port, limit.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(request, limit.Token);

        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(limit.Token);
    }
}
